import DICOM

/// Whether compressing an image on our disk pays, by what it did to the last ones of its kind.
struct CompressionChoice: Equatable, Sendable {
    /// What images have in common that compress alike.
    struct Kind: Hashable, Sendable {
        var sopClass: SOPClassUID
        var transferSyntax: TransferSyntax
    }

    private struct Measure: Equatable {
        /// Of the share of their bytes that samples were left with, the newest counting most.
        var ratio: Double
        /// Images of this kind since the last sample.
        var sinceSample = 0
    }

    /// What is saved must be worth the time: a fifth.
    static let payingRatio = 0.8
    /// Where it did not pay, it is tried again so often.
    static let sampleEvery = 64
    private static let kindLimit = 1_000

    private var measures: [Kind: Measure] = [:]

    /// Levels of `auto`: what images that arrive leave time for, and while half of the processors have nothing to do.
    static let busyLevel = 1
    static let idleLevel = 6

    /// - Parameter isIdle: half of the processors have nothing to do; asked where it counts.
    /// - Returns: the level of zstd; nil: as it is.
    mutating func level(
        of kind: Kind, _ setting: Configuration.ImageCompression, isPilingUp: Bool, isIdle: () -> Bool
    ) -> Int? {
        guard kind.transferSyntax.isUncompressed else { return nil }
        switch setting {
        case .none: return nil
        case .level(let level): return pays(kind) ? level : nil
        case .auto:
            guard isPilingUp, pays(kind) else { return nil }
            return isIdle() ? Self.idleLevel : Self.busyLevel
        }
    }

    private mutating func pays(_ kind: Kind) -> Bool {
        guard var measure = measures[kind], measure.ratio > Self.payingRatio else { return true }
        measure.sinceSample += 1
        measures[kind] = measure
        return measure.sinceSample >= Self.sampleEvery
    }

    /// An image of this kind was compressed.
    mutating func note(_ kind: Kind, bytes: Int, stored: Int) {
        guard bytes > 0 else { return }
        let ratio = Double(stored) / Double(bytes)
        if measures.count >= Self.kindLimit { measures = [:] }
        measures[kind] = Measure(ratio: measures[kind].map { ($0.ratio + ratio) / 2 } ?? ratio)
    }
}

extension TransferSyntax {
    /// Its pixel data is as it was made: plain samples, that zstd may shorten.
    var isUncompressed: Bool {
        [.implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian, .privateGEImplicit].contains(self)
    }
}
