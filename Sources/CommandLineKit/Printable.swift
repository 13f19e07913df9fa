extension String {
    /// The text on one line, with everything escaped that a terminal obeys instead of showing it.
    ///
    /// Names of files, folders, columns and labels may hold line ends, escape sequences and marks that turn the direction
    /// of text; each becomes `\n`, `\u{1B}` or the like. Joiners inside words and emoji stay. What has been escaped stays
    /// as it is.
    public var printable: String { escaped(keepingLineEnds: false) }

    /// The same of a text of several lines, whose line ends stay.
    var printableLines: String { escaped(keepingLineEnds: true) }

    private func escaped(keepingLineEnds: Bool) -> String {
        func isShown(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isPrintable || (keepingLineEnds && scalar == "\n")
        }
        guard !unicodeScalars.allSatisfy(isShown) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if isShown(scalar) {
                result.append(scalar)
            } else {
                result.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows the character, or joins others by it, instead of obeying it.
    public var isPrintable: Bool {
        if (0x20..<0x7F).contains(value) { return true }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return false
        // Zero-width joiner and non-joiner belong to the spelling of some scripts and to emoji.
        case .format: return value == 0x200C || value == 0x200D
        default: return true
        }
    }
}

extension Terminal {
    /// Writes a line, whatever the names in it hold.
    public func line(_ text: String) { write(text.printable + "\n") }

    /// Writes lines, whatever the names in them hold.
    public func lines(_ texts: [String]) { for text in texts { line(text) } }

    /// Writes a text of lines that each end in a line end, such as a table; names that it holds are `printable` already.
    public func text(_ text: String) { write(text.printableLines) }
}
