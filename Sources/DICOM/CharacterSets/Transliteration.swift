/// What stands for one character in ISO 8859-1.
enum Transliteration {
    /// The entries of `TransliterationTable`.
    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        let entries = TransliterationTable.entries.description.split { $0 == " " || $0 == "\n" }
        for entry in entries {
            guard let first = entry.unicodeScalars.first else { continue }
            table[first] = String(entry.unicodeScalars.dropFirst())
        }
        return table
    }()

    /// The letters of ISO 8859-1 that have a mark, by mark; beside each letter its composed form.
    private static let compositions: [Unicode.Scalar: [Character]] = [
        "\u{300}": Array("AÀEÈIÌOÒUÙaàeèiìoòuù"), "\u{301}": Array("AÁEÉIÍOÓUÚYÝaáeéiíoóuúyý"),
        "\u{302}": Array("AÂEÊIÎOÔUÛaâeêiîoôuû"), "\u{303}": Array("AÃNÑOÕaãnñoõ"),
        "\u{308}": Array("AÄEËIÏOÖUÜaäeëiïoöuüyÿ"), "\u{30A}": Array("AÅaå"), "\u{327}": Array("CÇcç"),
    ]

    private static let greekNames: [Unicode.Scalar: String] = [
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "\u{B5}", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
        "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
        "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
        "Ψ": "Psi", "Ω": "Omega",
    ]

    /// Marks that go with the Latin letter before them.
    static func isCombiningMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        default: false
        }
    }

    /// What is written for a character between two others; nil when there is nothing.
    static func latin1(
        _ scalar: Unicode.Scalar, between before: Unicode.Scalar?, and after: Unicode.Scalar?
    ) -> String? {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xFF, 0x09, 0x0A, 0x0C, 0x0D: return String(scalar)
        case 0x00...0x9F: return ""
        case 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return " "
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF: return ""
        case 0xFF01...0xFF5E: return fullWidth(scalar)
        case 0x0370...0x03FF: return greek(scalar, before, after)
        case 0x0400...0x052F: return table[scalar].map { cased($0, as: scalar, before: after) }
        default: return isCombiningMark(scalar) ? "" : table[scalar]
        }
    }

    /// Joins marks to the letter written for `base` where ISO 8859-1 has the composed form; other marks are dropped,
    /// which is not exact. Only Latin letters keep marks.
    static func compose(
        _ written: String, _ marks: ArraySlice<Unicode.Scalar>, base: Unicode.Scalar
    ) -> (letters: String, isExact: Bool) {
        var letters = written
        var isExact = true
        let isLatin = base.value < 0x370 || (0x1E00...0x1EFF).contains(base.value)
        for mark in marks {
            let pairs = isLatin && letters.count == 1 ? compositions[mark] ?? [] : []
            if let place = pairs.indices.first(where: { $0.isMultiple(of: 2) && String(pairs[$0]) == letters }) {
                letters = String(pairs[place + 1])
            } else {
                isExact = false
            }
        }
        return (letters, isExact)
    }

    /// The full-width forms of ASCII, but for those of the delimiters.
    private static func fullWidth(_ scalar: Unicode.Scalar) -> String? {
        let ascii = Unicode.Scalar(scalar.value - 0xFEE0)
        return ascii.flatMap { ["\\", "^", "="].contains($0) ? nil : String($0) }
    }

    private static func greek(_ scalar: Unicode.Scalar, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> String?
    {
        let isGreek = { (other: Unicode.Scalar?) in
            other.map { (0x370...0x3FF).contains($0.value) || (0x1F00...0x1FFF).contains($0.value) } ?? false
        }
        if !isGreek(before), !isGreek(after), let name = greekNames[scalar] { return name }
        if let before, "οόΟΌ".unicodeScalars.contains(before), "υύΥΎ".unicodeScalars.contains(scalar) {
            return scalar.properties.isUppercase ? "U" : "u"  // ου is ou
        }
        return table[scalar].map { cased($0, as: scalar, before: after) }
    }

    /// Several letters for a capital are `Shch` before a small letter and `SHCH` otherwise.
    private static func cased(_ letters: String, as scalar: Unicode.Scalar, before after: Unicode.Scalar?) -> String {
        guard letters.count > 1, scalar.properties.isUppercase, after?.properties.isLowercase ?? false else {
            return letters
        }
        return letters.prefix(1) + letters.dropFirst().lowercased()
    }
}
