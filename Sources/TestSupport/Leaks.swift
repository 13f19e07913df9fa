import Tensors
import Testing

/// Expects `body` to free every tensor that it makes.
///
/// It runs twice and the second run is judged, so that what is made once and kept (a constant, a cache) is no
/// leak. Tensors are counted for this thread alone: tests that run beside this one do not disturb it, and tensors
/// handed to another thread are outside its sight.
public func expectNoLeaks(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) rethrows {
    try body()
    let before = liveTensorCountOfThread
    try body()
    let change = liveTensorCountOfThread - before
    if change != 0 {
        report("\(change) tensors outlive the code that made them", nil, sourceLocation)
    }
}
