import Formats
import Foundation
import Tensors

extension RawArray {
    /// The examples of an array: images, or rows of numbers.
    ///
    /// Images may be `[N, H, W]`, `[N, C, H, W]` or, as most image libraries have them, `[N, H, W, C]`, with one
    /// channel or three; rows are `[N, D]`. Images hold levels from 0 to 255, or numbers from 0 to 1, which are brought
    /// to levels. Bytes that are all 0 or 1 are taken as binary.
    ///
    /// - Parameters:
    ///   - name: What messages call the set: the path of the file.
    ///   - labels: The class of each example.
    ///   - wanted: The shape of an example; one number says that the rows are no images.
    /// - Returns: A copy in memory, and lines that a person should read.
    /// - Throws: `DatasetsError`.
    func source(name: String, labels: Labels? = nil, shape wanted: [Int]? = nil) throws -> (
        InMemorySource, notes: [String]
    ) {
        let array = try wanted.map { try reshaped($0, name) } ?? self
        let isBytes = scalarType == .u8 || scalarType == .bool
        guard count > 0, 2...4 ~= array.shape.count else { throw wrong(name) }
        if wanted == nil { try requireNoImages(name) }
        let labels = try labels?.values(for: shape[0], of: name)
        if array.shape.count == 2, !isBytes {
            let source = InMemorySource(
                name: name, examples: try array.rows(name), elementKind: .real, labels: labels)
            return (source, [])
        }
        let (levels, notes) = isBytes ? (array, []) : try array.levels(name)
        guard let examples = levels.images else { throw wrong(name) }
        let kind: ElementKind = levels.data.allSatisfy { $0 < 2 } ? .binary : .bytes
        return (InMemorySource(name: name, examples: examples, elementKind: kind, labels: labels), notes)
    }

    private func wrong(_ name: String) -> DatasetsError {
        .wrongArray(
            path: name, shape: shape, type: scalarType.rawValue,
            expected: "images [N, H, W], [N, C, H, W] or [N, H, W, C] with C = 1 or 3, "
                + "or rows of numbers [N, D], with N at least 1")
    }

    /// The same elements as examples of another shape.
    private func reshaped(_ example: [Int], _ name: String) throws -> RawArray {
        guard !shape.isEmpty, shape.dropFirst().reduce(1, *) == example.reduce(1, *) else {
            throw DatasetsError.wrongShape(
                path: name, found: Array(shape.dropFirst()), wanted: example)
        }
        return RawArray(shape: [shape[0]] + example, scalarType: scalarType, data: data)
    }

    /// Asks what rows are that may well be images.
    ///
    /// - Parameter name: The path of the file.
    /// - Throws: `DatasetsError.isItImages`.
    func requireNoImages(_ name: String) throws {
        guard shape.count == 2, let image = Self.imageShape(of: shape[1]) else { return }
        let isBytes = scalarType == .u8 || scalarType == .bool
        guard isBytes || Self.areLevels(converted(to: Float.self)) != nil else { return }
        throw DatasetsError.isItImages(path: name, width: shape[1], image: image)
    }

    /// The square image that rows of a width may be; `nil` for widths that are none or too few pixels to be seen.
    private static func imageShape(of width: Int) -> [Int]? {
        for channels in [1, 3] where width % channels == 0 {
            let side = Int(Double(width / channels).squareRoot().rounded())
            if side >= 8, side * side * channels == width {
                return channels == 1 ? [side, side] : [channels, side, side]
            }
        }
        return nil
    }

    /// What the values of images are.
    private enum Scale { case levels, unit }

    /// The scale of values that images may have; `nil` where they have neither.
    private static func areLevels(_ values: [Float]) -> Scale? {
        if values.allSatisfy({ 0...1 ~= $0 }) { return .unit }
        return values.allSatisfy { 0...255 ~= $0 && $0 == $0.rounded() } ? .levels : nil
    }

    /// Levels from 0 to 255, from numbers that are such or lie in [0, 1].
    private func levels(_ name: String) throws -> (RawArray, [String]) {
        let values = converted(to: Float.self)
        guard let scale = Self.areLevels(values) else {
            let bad = values.firstIndex { !$0.isFinite } ?? values.firstIndex { !(0...255 ~= $0) } ?? 0
            let size = shape.dropFirst().reduce(1, *)
            throw DatasetsError.notLevels(path: name, example: bad / size + 1, value: "\(values[bad])")
        }
        let isBinary = scale == .unit && values.allSatisfy { $0 == 0 || $0 == 1 }
        let bytes = values.map { UInt8(scale == .unit && !isBinary ? ($0 * 255).rounded() : $0) }
        let isExact = scale == .levels || isBinary
        let notes = isExact ? [] : ["\(name): numbers from 0 to 1 are read as 8-bit levels"]
        return (RawArray(shape: shape, values: bytes), notes)
    }

    private var images: Tensor? {
        let channels = [1, 3]
        switch shape.count {
        case 2: return tensor(shape: shape)
        case 3: return tensor(shape: [shape[0], 1, shape[1], shape[2]])
        case 4 where channels.contains(shape[1]): return tensor(shape: shape)
        case 4 where channels.contains(shape[3]): return tensor(shape: shape).permuted([0, 3, 1, 2])
        default: return nil
        }
    }

    private func tensor(shape: [Int]) -> Tensor {
        data.withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .uint8) }
    }

    private func rows(_ name: String) throws -> Tensor {
        let values = converted(to: Float.self)
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw DatasetsError.notFinite(
                path: name, row: place / shape[1] + 1, column: "\(place % shape[1] + 1)")
        }
        return Tensor(values, shape: shape)
    }
}
