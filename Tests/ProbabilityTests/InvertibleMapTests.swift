import Probability
import TestSupport
import Tensors
import Testing

/// A map that is only known forward, for outcomes of three elements.
struct MapFamily: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Makes a map of random parameters, whose leading axes are those given.
    let make: @Sendable (_ leading: [Int], _ generator: inout Generator) -> any InvertibleMap

    static let all = [planar, radial, sylvester, chain]

    static let planar = MapFamily(testDescription: "planar maps") { leading, generator in
        PlanarMap(
            step: generator.normal(leading + [3], dtype: .float64),
            normal: generator.normal(leading + [3], dtype: .float64),
            offset: generator.normal(leading + [1], dtype: .float64))
    }

    static let radial = MapFamily(testDescription: "radial maps") { leading, generator in
        RadialMap(
            centre: generator.normal(leading + [3], dtype: .float64),
            reach: generator.normal(leading + [1], dtype: .float64),
            spread: generator.normal(leading + [1], dtype: .float64) * 2)
    }

    static let sylvester = MapFamily(testDescription: "Sylvester maps of two directions") {
        leading, generator in
        SylvesterMap(
            reflections: generator.normal(leading + [2, 3], dtype: .float64),
            triangles: generator.normal(leading + [2, 2], dtype: .float64),
            diagonal: generator.normal(leading + [2], dtype: .float64),
            offset: generator.normal(leading + [2], dtype: .float64))
    }

    static let chain = MapFamily(testDescription: "one of each in a chain") { leading, generator in
        Chain([planar, sylvester, radial].map { $0.make(leading, &generator) })
    }
}

@Suite("Maps whose inverse has no closed form")
struct InvertibleMapTests {
    @Test("The log-determinant is that of the Jacobian", arguments: MapFamily.all, [1, 2, 3] as [UInt64])
    func laws(_ family: MapFamily, seed: UInt64) {
        var generator = Generator(seed: seed)
        let map = family.make([], &generator)
        checkInvertibleMap(map, at: generator.normal([20, 3], dtype: .float64) * 2)
    }

    @Test("Parameters of an example each make maps of their own", arguments: MapFamily.all)
    func amortized(_ family: MapFamily) {
        var generator = Generator(seed: 4)
        let map = family.make([5], &generator)
        let x = generator.normal([2, 5, 3], dtype: .float64)
        let moved = map.forward(x)
        let flat = jacobianLogDeterminant(at: x.reshaped([10, 3])) {
            map.forward($0.reshaped([2, 5, 3])).value.reshaped([10, 3])
        }
        expectClose(moved.logDeterminant, flat.reshaped([2, 5]), relative: 1e-9, absolute: 1e-9)
    }

    /// Where they are small, a network that says nothing yet leaves a posterior as it is.
    @Test("Small numbers make nearly the identity")
    func identity() {
        var generator = Generator(seed: 5)
        let x = generator.normal([50, 3])
        func small(_ shape: [Int]) -> Tensor { generator.normal(shape) * 0.01 }
        let maps: [any InvertibleMap] = [
            PlanarMap(step: small([3]), normal: small([3]), offset: small([1])),
            RadialMap(centre: small([3]), reach: small([1]), spread: small([1])),
            SylvesterMap(
                reflections: small([2, 3]), triangles: small([2, 2]), diagonal: small([2]), offset: small([2])
            ),
        ]
        for map in maps {
            let moved = map.forward(x)
            expectClose(moved.value, x, absolute: 0.1, "\(type(of: map))")
            expectClose(moved.logDeterminant, .zeros([50]), absolute: 0.1, "\(type(of: map))")
        }
    }

    /// wᵀu far below −1, softpluses that underflow, diagonals that tanh sends to ±1.
    @Test("Parameters far out leave the map one-to-one, and finite in float32")
    func extremes() {
        var generator = Generator(seed: 6)
        let x = generator.normal([200, 3])
        let far = Tensor([30, -20, 10] as [Float])
        let maps: [any InvertibleMap] = [
            PlanarMap(step: -far, normal: far, offset: Tensor([0.5] as [Float])),
            PlanarMap(step: far, normal: far, offset: Tensor([0.5] as [Float])),
            PlanarMap(step: far, normal: .zeros([3]), offset: .zeros([1])),
            RadialMap(centre: .zeros([3]), reach: Tensor([-200] as [Float]), spread: Tensor([50] as [Float])),
            RadialMap(centre: .zeros([3]), reach: Tensor([50] as [Float]), spread: Tensor([-200] as [Float])),
            SylvesterMap(
                reflections: Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3]),
                triangles: Tensor([100, 3, -3, -100] as [Float], shape: [2, 2]),
                diagonal: Tensor([-100, 100] as [Float]), offset: .zeros([2])),
        ]
        for map in maps {
            let moved = map.forward(x)
            #expect(moved.value.isFinite().allTrue(), "\(type(of: map))")
            #expect(moved.logDeterminant.isFinite().allTrue(), "\(type(of: map))")
            let slope = gradient(at: x) {
                let moved = map.forward($0)
                return moved.value.sum() + moved.logDeterminant.sum()
            }
            #expect(slope.isFinite().allTrue(), "gradient of \(type(of: map))")
        }
    }
}
