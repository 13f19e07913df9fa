import CTorch

/// One place in a subscript: a single element, a range, everything, or a new axis.
public enum TensorIndex: ExpressibleByIntegerLiteral, Sendable {
    /// The element at a place, its axis dropped; a negative place counts from the end.
    case at(Int)
    /// The elements from `start` to before `end` in steps; negative ends count from the end.
    case slice(start: Int, end: Int, step: Int)
    /// The whole axis.
    case all
    /// A new axis of size one.
    case newAxis

    /// A literal place.
    public init(integerLiteral value: Int) {
        self = .at(value)
    }

    /// A half-open range.
    public static func range(_ range: Range<Int>, by step: Int = 1) -> TensorIndex {
        .slice(start: range.lowerBound, end: range.upperBound, step: step)
    }

    /// From a place to the end of the axis.
    public static func from(_ start: Int) -> TensorIndex { .slice(start: start, end: Int.max, step: 1) }

    /// From the beginning of the axis to before a place.
    public static func upTo(_ end: Int) -> TensorIndex { .slice(start: 0, end: end, step: 1) }
}

extension Tensor {
    /// The part that the indices name, axis by axis: `x[.all, 3, .range(0..<5)]`.
    public subscript(indices: TensorIndex...) -> Tensor {
        var result = self
        var axis = 0
        for index in indices {
            switch index {
            case .at(let place): result = result.selected(place, along: axis)
            case .slice(let start, let end, let step):
                result = result.sliced(along: axis, from: start, to: end, by: step)
                axis += 1
            case .all: axis += 1
            case .newAxis:
                result = result.expanded(at: axis)
                axis += 1
            }
        }
        return result
    }

    /// The elements at one place along an axis, which is dropped.
    public func selected(_ place: Int, along axis: Int) -> Tensor {
        made(ct_select(handle, axis, place), self)
    }

    /// The elements from `start` to before `end` along an axis; ends beyond the axis are cut to it.
    public func sliced(along axis: Int, from start: Int, to end: Int, by step: Int = 1) -> Tensor {
        made(ct_slice(handle, axis, start, end, step), self)
    }

    /// The elements at the int64 places `indices` along an axis, in that order.
    public func gathering(_ indices: Tensor, along axis: Int) -> Tensor {
        made(ct_index_select(handle, axis, indices.handle), self, indices)
    }

    /// out[i][j] = self[indices[i][j]][j], for axis 0: one place for each element.
    public func gatheringElements(at indices: Tensor, along axis: Int) -> Tensor {
        made(ct_gather(handle, axis, indices.handle), self, indices)
    }

    /// The inverse of `gatheringElements`: a copy with `source` written at the places.
    public func scattering(_ source: Tensor, at indices: Tensor, along axis: Int) -> Tensor {
        made(ct_scatter(handle, axis, indices.handle, source.handle), self, indices, source)
    }

    /// A copy with `source` added at the places; equal places add up.
    public func scatterAdding(_ source: Tensor, at indices: Tensor, along axis: Int) -> Tensor {
        made(ct_scatter_add(handle, axis, indices.handle, source.handle), self, indices, source)
    }

    /// The elements where `mask` holds, as a vector.
    public func elements(where mask: Tensor) -> Tensor {
        made(ct_masked_select(handle, mask.handle), self, mask)
    }

    /// Rows of zeros with a one at each int64 element, `[...]` → `[..., classes]`, as int64.
    public func oneHot(classes: Int) -> Tensor { made(ct_one_hot(handle, classes), self) }
}
