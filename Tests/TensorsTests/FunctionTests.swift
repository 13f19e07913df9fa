import Tensors
import TestSupport
import Testing

@Suite("Elementwise functions")
struct FunctionTests {
    /// Every elementwise function of one tensor, with points away from kinks where it has a gradient to check.
    static let table: [(function: NamedFunction, smooth: [Double])] = [
        (.init("magnitude") { $0.magnitude() }, [-2, 0.3]),
        (.init("roundedUp") { $0.roundedUp() }, [-1.3, 0.4]),
        (.init("roundedDown") { $0.roundedDown() }, [-1.3, 0.4]),
        (.init("rounded") { $0.rounded() }, [-1.3, 0.4]),
        (.init("sign") { $0.sign() }, [-2, 0.3]),
        (.init("negated") { -$0 }, [-2, 0.3]),
        (.init("reciprocal") { $0.reciprocal() }, [-2, 0.3]),
        (.init("squared") { $0.squared() }, [-2, 0, 0.3]),
        (.init("squareRoot") { $0.squareRoot() }, [0.3, 7]),
        (.init("reciprocalSquareRoot") { $0.reciprocalSquareRoot() }, [0.3, 7]),
        (.init("raisedTo2.5") { $0.raised(to: 2.5) }, [0.3, 2]),
        (.init("exp") { $0.exp() }, [-3, 0, 2]),
        (.init("expMinusOne") { $0.expMinusOne() }, [-3, 0, 2]),
        (.init("log") { $0.log() }, [0.3, 7]),
        (.init("logOnePlus") { $0.logOnePlus() }, [-0.5, 0, 7]),
        (.init("sin") { $0.sin() }, [-3, 0, 2]),
        (.init("cos") { $0.cos() }, [-3, 0, 2]),
        (.init("tanh") { $0.tanh() }, [-3, 0, 2]),
        (.init("sigmoid") { $0.sigmoid() }, [-9, 0, 2]),
        (.init("logSigmoid") { $0.logSigmoid() }, [-9, 0, 2]),
        (.init("softplus") { $0.softplus() }, [-9, 0, 2]),
        (.init("relu") { $0.relu() }, [-2, 0.3]),
        (.init("leakyReLU") { $0.leakyReLU() }, [-2, 0.3]),
        (.init("elu") { $0.elu() }, [-2, 0.3]),
        (.init("gelu") { $0.gelu() }, [-3, 0, 2]),
        (.init("silu") { $0.silu() }, [-3, 0, 2]),
        (.init("logGamma") { $0.logGamma() }, [0.3, 2, 31]),
        (.init("digamma") { $0.digamma() }, [0.3, 2, 31]),
        (.init("erf") { $0.erf() }, [-2, 0, 0.7]),
        (.init("erfc") { $0.erfc() }, [-2, 0, 0.7]),
        (.init("inverseErf") { $0.inverseErf() }, [-0.6, 0, 0.3]),
        (.init("normalCDF") { $0.normalCDF() }, [-2, 0, 0.7]),
        (.init("normalQuantile") { $0.normalQuantile() }, [0.2, 0.5, 0.9]),
    ]

    /// Where LibTorch gives up relative precision: softplus is linear above 20, off by e⁻²⁰ at most, and gelu
    /// takes 1 + erf.
    static let losses = ["softplus": (double: 2.1e-9, single: 1e-7), "gelu": (double: 1e-15, single: 6e-7)]

    private struct Row: Decodable {
        let name: String
        let x: [Double]
        let y: [Double]
    }

    @Test("Values agree with SciPy to float64's precision", arguments: table.map(\.function))
    func values(_ function: NamedFunction) throws {
        let rows: [Row] = try goldenValues("tensors/functions")
        let row = try #require(rows.first { $0.name == function.description })
        expectClose(
            function.apply(Tensor(row.x)), Tensor(row.y), relative: 4e-14,
            absolute: Self.losses[function.description]?.double ?? 1e-300)
    }

    @Test("Float32 values are the float64 values to float32's precision", arguments: table.map(\.function))
    func singlePrecision(_ function: NamedFunction) throws {
        let smooth = try #require(Self.table.first { $0.function.description == function.description }).smooth
        let x = Tensor(smooth).converted(to: .float32)
        let y = function.apply(x)
        #expect(y.dtype == .float32)
        expectClose(
            y, function.apply(x.converted(to: .float64)), relative: 2e-6,
            absolute: Self.losses[function.description]?.single ?? 1e-7)

    }

    @Test("Gradients agree with central differences", arguments: table.map(\.function))
    func gradients(_ function: NamedFunction) throws {
        let smooth = try #require(Self.table.first { $0.function.description == function.description }).smooth
        expectGradientMatches(at: Tensor(smooth), of: function.apply)
    }

    @Test("Every golden row has its function")
    func complete() throws {
        let rows: [Row] = try goldenValues("tensors/functions")
        #expect(Set(rows.map(\.name)) == Set(Self.table.map(\.function.description)))
    }

    @Test("Parameters of the rectifiers are passed on")
    func parameters() {
        let x = Tensor([-2.0, 3])
        expectClose(x.leakyReLU(slope: 0.2), Tensor([-0.4, 3]), relative: 1e-15)
        expectClose(
            x.elu(alpha: 0.5), 0.5 * Tensor([-2.0, 0]).expMinusOne() + Tensor([0.0, 3]), relative: 1e-15)
    }
}
