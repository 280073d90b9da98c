import DICOM
import Testing

@testable import Gateway

@Suite struct CompressionChoiceTests {
    private let ct = CompressionChoice.Kind(sopClass: .ctImage, transferSyntax: .explicitVRLittleEndian)
    private let us = CompressionChoice.Kind(sopClass: .ultrasoundImage, transferSyntax: .explicitVRLittleEndian)

    @Test func nothingIsCompressedWhileTheDestinationsTakeWhatComes() {
        var choice = CompressionChoice()
        #expect(choice.level(of: ct, .auto, isPilingUp: false, isIdle: { false }) == nil)
        #expect(choice.level(of: ct, .auto, isPilingUp: true, isIdle: { false }) == 1)
    }

    @Test func whatIsCompressedAlreadyIsLeftAlone() {
        var choice = CompressionChoice()
        for syntax in ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.1.99", "1.2.3"] {
            let kind = CompressionChoice.Kind(sopClass: .ctImage, transferSyntax: TransferSyntax(syntax))
            #expect(choice.level(of: kind, .auto, isPilingUp: true, isIdle: { false }) == nil)
            #expect(choice.level(of: kind, .level(19), isPilingUp: true, isIdle: { false }) == nil)
        }
    }

    @Test func theOperatorsWordCounts() {
        var choice = CompressionChoice()
        #expect(choice.level(of: ct, .none, isPilingUp: true, isIdle: { false }) == nil)
        #expect(choice.level(of: ct, .level(7), isPilingUp: false, isIdle: { false }) == 7)
    }

    @Test func whereItDoesNotPayItIsTriedNowAndThen() {
        var choice = CompressionChoice()
        choice.note(us, bytes: 1000, stored: 950)
        choice.note(ct, bytes: 1000, stored: 500)
        let levels = (0..<CompressionChoice.sampleEvery).map { _ in
            choice.level(of: us, .auto, isPilingUp: true, isIdle: { false })
        }
        #expect(levels.dropLast().allSatisfy { $0 == nil })
        #expect(levels.last == 1)
        #expect(choice.level(of: ct, .auto, isPilingUp: true, isIdle: { false }) == 1, "each kind by its own samples")
        // It pays now.
        choice.note(us, bytes: 1000, stored: 300)
        #expect(choice.level(of: us, .auto, isPilingUp: true, isIdle: { false }) == 1)
    }

    @Test func idleProcessorsCompressMore() {
        var choice = CompressionChoice()
        #expect(choice.level(of: ct, .auto, isPilingUp: true, isIdle: { true }) == CompressionChoice.idleLevel)
        #expect(choice.level(of: ct, .level(2), isPilingUp: true, isIdle: { true }) == 2)
    }

    @Test func aFixedLevelIsNotSpentOnWhatItDoesNotShorten() {
        var choice = CompressionChoice()
        choice.note(us, bytes: 1000, stored: 950)
        #expect(choice.level(of: us, .level(7), isPilingUp: false, isIdle: { false }) == nil)
        #expect(choice.level(of: ct, .level(7), isPilingUp: false, isIdle: { false }) == 7)
    }
}
