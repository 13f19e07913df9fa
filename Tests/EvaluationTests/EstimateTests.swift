import Evaluation
import Foundation
import Testing

@Suite("Estimates")
struct EstimateTests {
    @Test(
        "Mean and standard error are s / √n with s from n − 1",
        arguments: [
            // Squares about the mean: 5; 5 / 3 / 4.
            ([1, 2, 3, 4], 2.5, (5.0 / 12).squareRoot()),
            ([-3, 5], 1, 4),
            ([0.25, 0.25, 0.25], 0.25, 0),
            ([7], 7, .infinity),
        ] as [([Double], Double, Double)])
    func byHand(_ row: (values: [Double], mean: Double, standardError: Double)) {
        let estimate = Estimate(of: row.values)
        // Numbers so small are exact, and so are their sums.
        #expect(estimate.mean == row.mean)
        #expect(estimate.standardError == row.standardError)
    }

    @Test("A large mean does not drown the spread")
    func shift() {
        let values = [1, 2, 3, 4].map { $0 + 1e9 }
        #expect(Estimate(of: values) == Estimate(mean: 1e9 + 2.5, standardError: (5.0 / 12).squareRoot()))
    }

    @Test("An estimate comes back from JSON as it was")
    func json() throws {
        let estimate = Estimate(mean: -0.1 - 0.2, standardError: 1.0 / 3)
        let data = try JSONEncoder().encode(estimate)
        #expect(try JSONDecoder().decode(Estimate.self, from: data) == estimate)
    }

    @Test("A share has the standard error of its cases, and that of Laplace's rule where it is 0 or 1")
    func shares() {
        let some = [true, false, true, true]
        #expect(Estimate(shareOf: some) == Estimate(of: [1, 0, 1, 1]))
        // p = 1 / 6 of four cases: √(5 / 36 / 4).
        let error = (5.0 / 144).squareRoot()
        for value in [true, false] {
            let all = Estimate(shareOf: [Bool](repeating: value, count: 4))
            #expect(all.mean == (value ? 1 : 0) && abs(all.standardError - error) < 1e-12)
            let twice = Estimate(ofShares: [all.mean, all.mean], cases: 2)
            #expect(twice.mean == all.mean && abs(twice.standardError - error) < 1e-12)
        }
        #expect(Estimate(ofShares: [0.5, 0.75], cases: 8) == Estimate(of: [0.5, 0.75]))
    }
}
