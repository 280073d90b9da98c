import DICOM
import TestSupport
import Testing

@testable import Gateway

@Suite struct ImageRulesTests {
    private func rules(_ change: (inout Configuration.ImageRule) -> Void) -> ImageRules {
        var destination = Configuration.ImageDestination(name: "tele", aeTitle: AETitle("T"), host: "h", port: 1)
        var rule = Configuration.ImageRule()
        change(&rule)
        destination.rules = [rule]
        return ImageRules([destination])
    }

    private func capture(
        _ transferSyntax: TransferSyntax = .explicitVRLittleEndian, _ fill: (inout DataSetBuilder) -> Void
    ) -> HeaderCapture {
        var builder = DataSetBuilder(transferSyntax.encoding)
        fill(&builder)
        var capture = HeaderCapture(transferSyntax: transferSyntax, limit: 1 << 20)
        _ = capture.append(builder.bytes)
        capture.finish()
        return capture
    }

    private func wanting(
        _ rules: ImageRules, source: String = "ct", calling: String = "PACS", called: String = "KOSGATE",
        sopClass: SOPClassUID = .ctImage,
        _ capture: HeaderCapture
    ) -> [String] {
        rules.candidates(source: source, calling: AETitle(calling), called: AETitle(called), sopClass: sopClass)
            .wanting(capture)
    }

    @Test func aRuleWithoutKeysWantsEverythingAndNoRuleNothing() {
        #expect(wanting(rules { _ in }, capture { _ in }) == ["tele"])
        let none = ImageRules([.init(name: "tele", aeTitle: AETitle("T"), host: "h", port: 1)])
        #expect(
            none.candidates(source: "ct", calling: AETitle("PACS"), called: AETitle("KOSGATE"), sopClass: .ctImage)
                .isEmpty)
        #expect(!none.mayWant(source: "ct", called: AETitle("KOSGATE")))
    }

    @Test func whatComesFromADestinationDoesNotGoBackToIt() {
        let rules = rules { _ in }
        #expect(wanting(rules, calling: "T", capture { _ in }) == [])
        #expect(wanting(rules, calling: "U", capture { _ in }) == ["tele"])
    }

    @Test func whatIsKnownBeforeTheHeaderEndsTheMatterBeforeTheHeader() {
        let rules = rules {
            $0.sources = ["ct", "mr"]
            $0.called = [AETitle("TELE")]
            $0.sopClasses = [.ctImage]
        }
        let called = AETitle("TELE")
        #expect(!rules.candidates(source: "ct", calling: AETitle("PACS"), called: called, sopClass: .ctImage).isEmpty)
        #expect(rules.candidates(source: "us", calling: AETitle("PACS"), called: called, sopClass: .ctImage).isEmpty)
        #expect(
            rules.candidates(source: "ct", calling: AETitle("PACS"), called: AETitle("KOSGATE"), sopClass: .ctImage)
                .isEmpty)
        #expect(rules.candidates(source: "ct", calling: AETitle("PACS"), called: called, sopClass: .mrImage).isEmpty)
        #expect(rules.mayWant(source: "mr", called: called))
        #expect(!rules.mayWant(source: "us", called: called))
    }

    @Test func modalityAndElementsMustAllFit() {
        let rules = rules {
            $0.modalities = ["CT", "MR"]
            $0.elements = [
                .init(tag: .bodyPartExamined, equals: "HEAD"), .init(tag: .studyDescription, matches: "TELE*"),
            ]
        }
        func header(_ modality: String, _ part: String?, _ description: String) -> HeaderCapture {
            capture {
                $0.element(.modality, .CS, modality)
                $0.element(.studyDescription, .LO, description)
                if let part { $0.element(.bodyPartExamined, .CS, part) }
            }
        }
        #expect(wanting(rules, header("CT", "HEAD", "TELEAVC")) == ["tele"])
        #expect(wanting(rules, header("MR", "HEAD ", "TELE")) == ["tele"])
        #expect(wanting(rules, header("US", "HEAD", "TELEAVC")).isEmpty)
        #expect(wanting(rules, header("CT", "NECK", "TELEAVC")).isEmpty)
        #expect(wanting(rules, header("CT", nil, "TELEAVC")).isEmpty, "what is not there fits nothing")
        #expect(wanting(rules, header("CT", "HEAD", "NO TELE")).isEmpty, "a pattern is for the whole value")
    }

    @Test func anyOfSeveralValuesFits() {
        let rules = rules { $0.elements = [.init(tag: .imageType, oneOf: ["LOCALIZER", "SCOUT"])] }
        #expect(wanting(rules, capture { $0.element(.imageType, .CS, "ORIGINAL\\PRIMARY\\LOCALIZER") }) == ["tele"])
        #expect(wanting(rules, capture { $0.element(.imageType, .CS, "ORIGINAL\\PRIMARY\\AXIAL") }).isEmpty)
    }

    @Test func allThatOneConditionSaysMustHoldOfOneValue() {
        let rules = rules { $0.elements = [.init(tag: .imageType, matches: "A*", oneOf: ["AB", "CD"])] }
        #expect(wanting(rules, capture { $0.element(.imageType, .CS, "X\\AB") }) == ["tele"])
        #expect(wanting(rules, capture { $0.element(.imageType, .CS, "AX\\CD") }).isEmpty)
    }

    @Test func textIsComparedAsItReadsWhateverTheCharacterSet() {
        let rules = rules { $0.elements = [.init(tag: .institutionName, equals: "Hôpital")] }
        let latin = capture {
            $0.element(.specificCharacterSet, .CS, "ISO_IR 100")
            $0.element(.institutionName, .LO, bytes: [0x48, 0xF4, 0x70, 0x69, 0x74, 0x61, 0x6C, 0x20])
        }
        let utf8 = capture {
            $0.element(.specificCharacterSet, .CS, "ISO_IR 192")
            $0.element(.institutionName, .LO, bytes: Array("Hôpital".utf8))
        }
        #expect(wanting(rules, latin) == ["tele"])
        #expect(wanting(rules, utf8) == ["tele"])
    }

    @Test(arguments: [TransferSyntax.implicitVRLittleEndian, .explicitVRLittleEndian])
    func numbersAreComparedInDecimal(transferSyntax: TransferSyntax) {
        let header = capture(transferSyntax) {
            $0.element(.instanceNumber, .IS, "7 ")
            $0.element(.rows, .US, bytes: [0x00, 0x02])
        }
        #expect(wanting(rules { $0.elements = [.init(tag: .rows, equals: "512")] }, header) == ["tele"])
        #expect(wanting(rules { $0.elements = [.init(tag: .instanceNumber, equals: "7")] }, header) == ["tele"])
        #expect(wanting(rules { $0.elements = [.init(tag: .rows, equals: "2")] }, header).isEmpty)
    }

    @Test func whatIsInAnItemIsNotAtTheTopLevel() {
        let header = capture {
            $0.sequence(.requestAttributesSequence) { sequence in
                sequence.item { $0.element(.modality, .CS, "CT") }
            }
        }
        #expect(wanting(rules { $0.modalities = ["CT"] }, header).isEmpty)
    }

    @Test func oneRuleIsEnoughAndEveryDestinationAsksForItself() {
        var first = Configuration.ImageDestination(name: "first", aeTitle: AETitle("A"), host: "h", port: 1)
        var (ct, urgent) = (Configuration.ImageRule(), Configuration.ImageRule())
        ct.modalities = ["CT"]
        urgent.sources = ["emergency"]
        first.rules = [ct, urgent]
        var second = Configuration.ImageDestination(name: "second", aeTitle: AETitle("B"), host: "h", port: 1)
        second.rules = [ct]
        let rules = ImageRules([first, second])
        let (ctHeader, usHeader) = (
            capture { $0.element(.modality, .CS, "CT") }, capture { $0.element(.modality, .CS, "US") }
        )
        #expect(wanting(rules, ctHeader) == ["first", "second"])
        #expect(wanting(rules, source: "emergency", usHeader) == ["first"])
        #expect(wanting(rules, usHeader).isEmpty)
    }

    @Test func aHeaderThatIsDamagedFitsByWhatCouldBeRead() {
        var capture = HeaderCapture(transferSyntax: .explicitVRLittleEndian, limit: 1 << 20)
        var builder = DataSetBuilder()
        builder.element(.modality, .CS, "CT")
        _ = capture.append(builder.bytes + [0x20, 0x00, 0x0D, 0x00, 0x55, 0x49, 0xFF])
        capture.finish()
        #expect(capture.failure != nil)
        #expect(wanting(rules { $0.modalities = ["CT"] }, capture) == ["tele"])
        #expect(wanting(rules { $0.elements = [.init(tag: .studyID, equals: "1")] }, capture).isEmpty)
    }
}
