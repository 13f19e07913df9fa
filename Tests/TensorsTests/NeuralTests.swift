import Tensors
import TestSupport
import Testing

@Suite("Operations of networks")
struct NeuralTests {
    struct Operation: Sendable, CustomStringConvertible {
        let description: String
        /// False for in-place statistics, and for maxima, whose windows may switch between two differences.
        var isDifferentiable = true
        let apply: @Sendable ([Tensor]) -> Tensor
    }

    static let table: [Operation] =
        convolutions + [
            .init(description: "maxPooled, 2") { $0[0].maxPooled(size: 2) },
            .init(description: "maxPooled, 3, stride 2, padding 1") {
                $0[0].maxPooled(size: 3, stride: 2, padding: 1)
            },
            .init(description: "averagePooled, 2") { $0[0].averagePooled(size: 2) },
            .init(description: "averagePooled, 3, stride 2, padding 1") {
                $0[0].averagePooled(size: 3, stride: 2, padding: 1)
            },
            .init(description: "padded, constant") { $0[0].padded([1, 0, 2, 3], value: -0.5) },
            .init(description: "padded, reflect") { $0[0].padded([1, 2, 0, 3], mode: .reflect) },
            .init(description: "padded, replicate") { $0[0].padded([1, 2, 0, 3], mode: .replicate) },
            .init(description: "padded, circular") { $0[0].padded([1, 2, 0, 3], mode: .circular) },
            .init(description: "resized, nearest, larger") {
                $0[0].resized(height: 9, width: 7, by: .nearest)
            },
            .init(description: "resized, nearest, smaller") {
                $0[0].resized(height: 3, width: 2, by: .nearest)
            },
            .init(description: "resized, bilinear, larger") { $0[0].resized(height: 10, width: 7) },
            .init(description: "resized, bilinear, smaller") { $0[0].resized(height: 3, width: 2) },
            .init(description: "layerNormalized") {
                $0[0].layerNormalized(over: [3, 5], weight: $0[1], bias: $0[2], epsilon: 1e-3)
            },
            .init(description: "layerNormalized, bare") {
                $0[0].layerNormalized(over: [5], weight: nil, bias: nil, epsilon: 1e-5)
            },
            .init(description: "groupNormalized") {
                $0[0].groupNormalized(groups: 2, weight: $0[1], bias: $0[2], epsilon: 1e-3)
            },
            .init(description: "batchNormalized, evaluating") {
                $0[0].batchNormalized(
                    weight: $0[1], bias: $0[2], runningMean: $0[3].withoutGradient(),
                    runningVariance: $0[4].withoutGradient(), isTraining: false, momentum: 0.1, epsilon: 1e-3)
            },
            .init(description: "batchNormalized, training") { batchNormalized($0).value },
            .init(description: "batchNormalized, running mean", isDifferentiable: false) {
                batchNormalized($0).mean
            },
            .init(description: "batchNormalized, running variance", isDifferentiable: false) {
                batchNormalized($0).variance
            },
        ]

    static let convolutions: [Operation] = [
        .init(description: "convolved") { $0[0].convolved(weight: $0[1], bias: $0[2]) },
        .init(description: "convolved, stride 2, padding 1") {
            $0[0].convolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1)
        },
        .init(description: "convolved, dilation 2, no bias") {
            $0[0].convolved(weight: $0[1], padding: 2, dilation: 2)
        },
        .init(description: "convolved, flat window") { $0[0].convolved(weight: $0[1], bias: $0[2]) },
        .init(description: "convolved, groups 2") { $0[0].convolved(weight: $0[1], padding: 1, groups: 2) },
        .init(description: "transposeConvolved") { $0[0].transposeConvolved(weight: $0[1], bias: $0[2]) },
        .init(description: "transposeConvolved, stride 2, padding 1, output padding (1, 0)") {
            $0[0].transposeConvolved(
                weight: $0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: (height: 1, width: 0))
        },
        .init(description: "transposeConvolved, groups 2") {
            $0[0].transposeConvolved(weight: $0[1], stride: 2, groups: 2)
        },
    ]

    private static func batchNormalized(_ x: [Tensor]) -> (value: Tensor, mean: Tensor, variance: Tensor) {
        let (mean, variance) = (x[3].withoutGradient().copy(), x[4].withoutGradient().copy())
        let value = x[0].batchNormalized(
            weight: x[1], bias: x[2], runningMean: mean, runningVariance: variance, isTraining: true,
            momentum: 0.25, epsilon: 1e-3)
        return (value, mean, variance)
    }

    private struct File: Decodable {
        struct Case: Decodable {
            let name: String
            let arguments: [Int]
            let result: GoldenTensor
        }

        let inputs: [GoldenTensor]
        let cases: [Case]

        func arguments(of found: Case) -> [Tensor] { found.arguments.map { inputs[$0].tensor } }
    }

    @Test("Values agree with PyTorch", arguments: table)
    func values(_ operation: Operation) throws {
        let file: File = try goldenValues("tensors/neural")
        let found = try #require(file.cases.first { $0.name == operation.description })
        let arguments = file.arguments(of: found)
        expectClose(operation.apply(arguments), found.result.tensor, relative: 1e-11, absolute: 1e-12)
        // Float32 takes other kernels.
        expectClose(
            operation.apply(arguments.map { $0.converted(to: .float32) }), found.result.tensor,
            relative: 1e-5, absolute: 1e-5)
    }

    @Test("Gradients agree with central differences", arguments: table.filter(\.isDifferentiable))
    func gradients(_ operation: Operation) throws {
        let file: File = try goldenValues("tensors/neural")
        let found = try #require(file.cases.first { $0.name == operation.description })
        // The running statistics of batch normalisation are no inputs of a gradient.
        let arguments = file.arguments(of: found)
        let (inputs, constants) = (Array(arguments.prefix(3)), arguments.dropFirst(3))
        // Two-decimal inputs tie or differ by at least 0.01: smaller steps cross no maximum.
        expectGradientsMatch(at: inputs, step: 1e-3) { operation.apply($0 + constants) }
    }

    @Test("Every golden case has its operation")
    func complete() throws {
        let file: File = try goldenValues("tensors/neural")
        #expect(file.cases.map(\.name).sorted() == Self.table.map(\.description).sorted())
    }
}
