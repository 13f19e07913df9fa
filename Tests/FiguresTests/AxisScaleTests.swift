import Figures
import Testing

@Suite struct AxisScaleTests {
    static let data: [[Double]] = [
        [], [.nan], [.infinity, -.infinity], [0], [3], [-7.5], [0, 1], [0.3, 0.7], [-104.2, -81.3],
        [1e-9, 3e-9],
        [1e300, -1e300], [1e308, 1], [.leastNonzeroMagnitude, 0], [1e16, 1e16 + 2], [-5, 5, .nan],
        [999_999, 1_000_001],
        [0, 12_345], [80, 240], [1e-300, 1e300], [0.1, 0.2, 0.30000000000000004],
    ]

    @Test("Ticks ascend, cover the drawable data and are told apart by their labels", arguments: data)
    func ticksCoverTheData(values: [Double]) {
        for kind in [Axis.Scale.linear, .logarithmic] {
            for count in [1, 5, 40] where kind == .linear || count == 5 {
                let scale = AxisScale(covering: values, kind: kind, count: count)
                #expect(scale.ticks.count >= 2 && scale.ticks.count <= 2 * count + 4)
                #expect(scale.ticks.allSatisfy { $0.isFinite })
                #expect(zip(scale.ticks, scale.ticks.dropFirst()).allSatisfy { $0 < $1 })
                #expect(Set(scale.labels).count == scale.ticks.count, "\(scale.labels)")
                let slack = (scale.ticks[1] - scale.ticks[0]) * 1e-6
                for value in values where scale.isDrawable(value) {
                    #expect(value >= scale.ticks[0] - slack && value <= (scale.ticks.last ?? 0) + slack)
                    #expect((0...1).contains(scale.fraction(of: value)))
                }
            }
        }
    }

    @Test("Ticks are the round numbers a person would choose")
    func roundTicks() {
        #expect(AxisScale(covering: [0, 10]).labels == ["0", "2", "4", "6", "8", "10"])
        #expect(AxisScale(covering: [0.3, 0.7]).labels == ["0.3", "0.4", "0.5", "0.6", "0.7"])
        #expect(AxisScale(covering: [-104.2, -81.3]).labels == ["−105", "−100", "−95", "−90", "−85", "−80"])
        #expect(AxisScale(covering: [0, 50_000]).labels.last == "50\u{202F}000")
        #expect(AxisScale(covering: [0, 3e-9]).labels.last == "3×10⁻⁹")
        #expect(AxisScale(covering: [0, 2.5e6]).labels[1] == "0.5×10⁶")
        #expect(AxisScale(covering: [80, 240], kind: .logarithmic).labels == ["50", "100", "200", "500"])
        #expect(AxisScale(covering: [1e-6, 1], kind: .logarithmic).labels.first == "10⁻⁶")
    }

    @Test("Equal differences take equal lengths, on a logarithmic axis equal ratios")
    func fractions() {
        #expect(abs(AxisScale(covering: [0, 10]).fraction(of: 2.5) - 0.25) < 1e-12)
        #expect(abs(AxisScale(covering: [1, 100], kind: .logarithmic).fraction(of: 10) - 0.5) < 1e-12)
    }

    @Test("Values without a place are told so", arguments: [Double.nan, .infinity, -.infinity, 1e301])
    func notDrawable(value: Double) {
        #expect(!AxisScale.isDrawable(value, on: .linear))
        #expect(!AxisScale.isDrawable(value, on: .logarithmic))
        #expect(!AxisScale.isDrawable(-1, on: .logarithmic) && !AxisScale.isDrawable(0, on: .logarithmic))
    }
}
