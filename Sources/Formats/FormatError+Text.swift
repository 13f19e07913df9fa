import Foundation

extension FormatError: CustomStringConvertible, LocalizedError {
    /// One line that names the thing and the mend.
    public var description: String {
        switch self {
        case .file(let path, let error): "\(path): \(error)"
        case .missing: "no such file; check the path"
        case .notRegularFile: "not a regular file; give the path of a plain file"
        case .unreadable(let code): "cannot be read: \(systemText(code))"
        case .unwritable(let code): "cannot be written: \(systemText(code))\(writeRemedy(code))"
        default: contentText
        }
    }

    /// The same line, for those who ask Foundation.
    public var errorDescription: String? { description }

    private var contentText: String {
        switch self {
        case .wrongMagic(let format, let expected, let found):
            "not \(article(format)) file: it begins with \(hex(found)), expected \(expected); "
                + "is it the right file?"
        case .truncated(let format, let needed, let found):
            "\(format.rawValue) data ends too early: \(needed) bytes expected, \(found) found; "
                + "was it copied or downloaded completely?"
        case .trailingBytes(let format, let count):
            "\(count) bytes follow the end of the \(format.rawValue) data; is it the right file?"
        case .corrupt(let format, let reason):
            "\(format.rawValue) data is damaged: \(reason); fetch or make the file again"
        case .unsupported(let format, let what, let remedy):
            "\(what) in \(article(format)) file is not supported; \(remedy)"
        case .overLimit(let format, let what, let found, let limit):
            "\(format.rawValue) data holds \(found) \(what), more than the limit of \(limit)"
        case .overMemory(let format, let limit):
            "\(format.rawValue) data would take more memory than the limit of \(gibibytes(limit)), a quarter of what "
                + "this machine has; take fewer rows or columns"
        case .notAnImage(let found):
            "not an image: it begins with \(hex(found)), expected PNG (0x89504E47) or JPEG (0xFFD8FF); "
                + "convert it to PNG or JPEG"
        case .raggedRow(let format, let row, let expected, let found):
            "\(format.rawValue) row \(row) has \(found) fields, the rows before it have \(expected); "
                + "give every row the same number"
        case .notANumber(let format, let row, let column, let text):
            "\(format.rawValue) row \(row), column \(column): \(Self.quoted(text)) is not a number that fits here"
        case .malformedLine(let format, let line, let reason): "\(format.rawValue) line \(line): \(reason)"
        case .unknownColumn(let name, let known):
            "no numeric column \(Self.quoted(name)); there are: \(Self.list(known))"
        case .noNumbers(let columns):
            "no column of numbers, only text: \(Self.list(columns)); give a table of numbers"
        default: safetensorsText
        }
    }

    private var safetensorsText: String {
        switch self {
        case .headerOverLimit(let length, let limit):
            "safetensors header claims \(length) bytes, more than the limit of \(limit); is it the right file?"
        case .headerPastEnd(let length, let available):
            "safetensors header claims \(length) bytes, \(available) follow; was the file copied completely?"
        case .headerNotUTF8: "safetensors header is not UTF-8 text; is it the right file?"
        case .headerMalformed(let offset, let expected):
            "safetensors header, byte \(offset): expected \(expected)"
        case .duplicateName(let name): "safetensors header names \(Self.quoted(name)) twice"
        case .metadataNotString(let key): "safetensors metadata \(Self.quoted(key)) is not a string"
        case .unknownScalarType(let tensor, let name):
            "tensor \(Self.quoted(tensor)) has type \(Self.quoted(name)); "
                + "expected one of \(ScalarType.allCases.map(\.safetensorsName).joined(separator: ", "))"
        case .shapeOverflow(let tensor, let shape):
            "tensor \(Self.quoted(tensor)): shape \(shape) is too large"
        case .offsetsReversed(let tensor, let begin, let end):
            "tensor \(Self.quoted(tensor)) ends at byte \(end), before its begin \(begin)"
        case .offsetsOutOfRange(let tensor, let end, let available):
            "tensor \(Self.quoted(tensor)) ends at byte \(end) of \(available); was the file copied completely?"
        case .sizeMismatch(let tensor, let expected, let found):
            "tensor \(Self.quoted(tensor)) occupies \(found) bytes, its shape and type need \(expected)"
        case .overlap(let tensor, let begin, let previousEnd):
            "tensor \(Self.quoted(tensor)) begins at byte \(begin), inside the one that ends at \(previousEnd)"
        case .gap(let tensor, let begin, let previousEnd):
            "tensor \(Self.quoted(tensor)) begins at byte \(begin), leaving a gap after \(previousEnd)"
        case .noTensor(let name): "no tensor \(Self.quoted(name)) in the file"
        case .checksumMissing(let key): "no checksum \(Self.quoted(key)) in the metadata"
        case .checksumMismatch(let expected, let found):
            "tensor bytes are damaged: SHA-256 is \(found), the header says \(expected)"
        default: preconditionFailure("A FormatError without text.")
        }
    }
}

private func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }

private func writeRemedy(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "; free some space and try again (an earlier version is unchanged)"
    case EACCES, EPERM, EROFS: "; choose a folder that you may write to"
    case ENOENT, ENOTDIR: "; create the folder first"
    case EISDIR: "; give a file name, not a folder"
    default: ""
    }
}

private func article(_ format: FileFormat) -> String {
    ([.idx, .npy, .npz, .amat].contains(format) ? "an " : "a ") + format.rawValue
}

private func gibibytes(_ bytes: Int) -> String { String(format: "%.3g GiB", Double(bytes) / Double(1 << 30)) }

private func hex(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "nothing" : "0x" + bytes.map { String(format: "%02X", $0) }.joined()
}

extension FormatError {
    /// Names from a file, the first twenty: those with control characters quoted.
    static func list(_ names: [String]) -> String {
        names.prefix(20).map { name in
            let isPlain = name.unicodeScalars.allSatisfy { !$0.properties.generalCategory.isControl }
            return isPlain && name.count <= 60 ? name : quoted(name)
        }.joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }

    /// Text from a file made safe for one line: control characters escaped, length bounded.
    static func quoted(_ text: String) -> String {
        text.count > 60 ? text.prefix(60).debugDescription + "…" : text.debugDescription
    }
}

extension Unicode.GeneralCategory {
    /// Whether a character of the category moves or hides what is printed after it.
    fileprivate var isControl: Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator, .surrogate].contains(self)
    }
}
