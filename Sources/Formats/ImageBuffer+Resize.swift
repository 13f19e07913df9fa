extension ImageBuffer {
    /// The image scaled to a new size, its proportions changed if need be.
    ///
    /// A triangle filter along each axis, as wide as an output pixel when shrinking, so that fine detail is
    /// averaged and not aliased; linear interpolation when enlarging. (PIL's and torchvision's antialiased
    /// `bilinear`.) Samples are filtered as stored, without undoing gamma, as is usual for training data.
    ///
    /// - Precondition: both sides are positive.
    public func resized(width newWidth: Int, height newHeight: Int) -> ImageBuffer {
        precondition(newWidth > 0 && newHeight > 0, "Image resized to \(newWidth) by \(newHeight).")
        if newWidth == width && newHeight == height { return self }
        let columns = ResamplingWeights(from: width, to: newWidth)
        let rows = ResamplingWeights(from: height, to: newHeight)
        // Only one row of the source at a time is filtered across, and added to the output rows that see it.
        let rowLength = newWidth * channels
        var sums = [Float](repeating: 0, count: newHeight * rowLength)
        var filtered = [Float](repeating: 0, count: rowLength)
        var firstOpen = 0
        for row in 0..<height {
            filterAcross(row, columns, into: &filtered)
            while firstOpen < newHeight, rows.ranges[firstOpen].upperBound <= row { firstOpen += 1 }
            var target = firstOpen
            while target < newHeight, rows.ranges[target].lowerBound <= row {
                let weight = rows.weight(of: row, in: target)
                let start = target * rowLength
                for i in 0..<rowLength { sums[start + i] += weight * filtered[i] }
                target += 1
            }
        }
        return ImageBuffer(
            width: newWidth, height: newHeight, channels: channels,
            pixels: sums.map { UInt8(max(0, min(255, $0.rounded()))) })
    }

    /// The image scaled to cover a size with its proportions kept, and its middle cut out.
    ///
    /// - Precondition: both sides are positive.
    public func resizedAndCropped(width newWidth: Int, height newHeight: Int) -> ImageBuffer {
        let scale = max(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
        let covering = resized(
            width: max(newWidth, Int((Double(width) * scale).rounded())),
            height: max(newHeight, Int((Double(height) * scale).rounded())))
        return covering.centreCropped(width: newWidth, height: newHeight)
    }

    private func filterAcross(_ row: Int, _ columns: ResamplingWeights, into result: inout [Float]) {
        let start = row * width * channels
        for (target, range) in columns.ranges.enumerated() {
            for channel in 0..<channels {
                var sum: Float = 0
                for column in range {
                    sum +=
                        columns.weight(of: column, in: target)
                        * Float(pixels[start + column * channels + channel])
                }
                result[target * channels + channel] = sum
            }
        }
    }
}

/// How much each source position counts in each target position along one axis.
private struct ResamplingWeights {
    /// The source positions that a target sees; both bounds rise with the target.
    let ranges: [Range<Int>]
    private let weights: [[Float]]

    init(from source: Int, to target: Int) {
        let scale = Double(source) / Double(target)
        let support = max(scale, 1)
        var ranges: [Range<Int>] = []
        var weights: [[Float]] = []
        for position in 0..<target {
            let centre = (Double(position) + 0.5) * scale
            let first = max(0, Int((centre - support + 0.5).rounded(.down)))
            let end = min(source, Int((centre + support + 0.5).rounded(.down)))
            let raw = (first..<end).map { (index: Int) -> Double in
                let distance = abs(Double(index) + 0.5 - centre) / support
                return max(0, 1 - distance)
            }
            let sum = raw.reduce(0, +)
            ranges.append(first..<end)
            weights.append(raw.map { Float($0 / sum) })
        }
        self.ranges = ranges
        self.weights = weights
    }

    func weight(of source: Int, in target: Int) -> Float {
        weights[target][source - ranges[target].lowerBound]
    }
}
