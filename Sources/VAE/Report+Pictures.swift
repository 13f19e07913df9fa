import Figures
import Formats
import Foundation
import Tensors

// The sections of a report that show examples.
extension Report {
    private static let sampleColumns = 12
    private static let sampleRows = 6

    func samplesSection() -> ReportPage.Section {
        var noise = trained.evaluationNoise
        let count = Self.sampleColumns * Self.sampleRows
        let samples = trained.samples(count, classes: trained.classesInTurn(count), using: &noise).examples
        var section = ReportPage.Section("What the model imagines")
        section.add(
            figure(
                samples, columns: Self.sampleColumns, name: "samples",
                caption: """
                    Samples: z is drawn from the prior and decoded; each picture is the mean of p(x | z). \
                    Every one should look like data that might have been, and they should differ as the data do.
                    """))
        return section
    }

    func reconstructionsSection() -> ReportPage.Section {
        let columns = Self.sampleColumns
        let shown = examples[0..<min(columns * 3, examples.count)]
        let picture = ImageGrid(columns: columns).paired(
            originals: Pictures.images(shown.examples),
            reconstructions: Pictures.images(trained.reconstruct(shown)))
        var section = ReportPage.Section("Reconstructions")
        section.add(
            ReportPage.Figure(
                picture, enlargement: enlargement, name: "reconstructions",
                caption: """
                    Held-out examples, each above its reconstruction from the mean of q(z | x). What is the same in \
                    both has a place in the code; what is blurred away cost more to say than it was worth.
                    """))
        return section
    }

    func latentSection() -> ReportPage.Section {
        var section = ReportPage.Section("The latent space")
        let codes = trained.encode(examples).centers
        let hasUnits = !evaluation.unitVariances.isEmpty
        if hasUnits, trained.traits.units == 2, trained.traits.hasPrior { section.add(manifoldFigure()) }
        if hasUnits { section.add(traversalFigure(of: codes)) }
        if codes.size(along: 0) > 1 { section.add(interpolationFigure(between: codes)) }
        if hasUnits, trained.traits.units > 1 { section.add(scatterFigure(of: codes)) }
        return section
    }

    private func manifoldFigure() -> ReportPage.Figure {
        let side = 20
        return figure(
            trained.manifold(units: (0, 1), class: examples.classes?[0], side: side), columns: side,
            padding: 0, name: "latent-plane",
            caption: """
                The manifold: the plane of the two latents at equal steps of prior probability, decoded. \
                Neighbours should change smoothly into one another.
                """)
    }

    private func traversalFigure(of codes: Tensor) -> ReportPage.Figure {
        let units = Array(evaluation.unitsByUse.prefix(10))
        let rows = trained.traversals(
            of: codes.selected(0, along: 0), class: examples.classes?[0], units: units, steps: 11)
        return figure(
            .concatenated(rows, along: 0), columns: 11, name: "traversals",
            caption: """
                Traversals: one example's code, with one unit at a time moved through its prior from −3 to 3 standard scores; \
                the units that say most first. A row in which nothing changes is a unit that the model does not use.
                """)
    }

    private func interpolationFigure(between codes: Tensor) -> ReportPage.Figure {
        let rows = (0..<min(5, codes.size(along: 0) / 2)).map { row in
            trained.interpolation(
                from: codes.selected(2 * row, along: 0), to: codes.selected(2 * row + 1, along: 0),
                class: examples.classes?[2 * row], steps: 11)
        }
        return figure(
            .concatenated(rows, along: 0), columns: 11, name: "interpolations",
            caption: "The straight way between the codes of two examples, decoded step by step.")
    }

    private func scatterFigure(of codes: Tensor) -> ReportPage.Figure {
        let units = Array(evaluation.unitsByUse.prefix(2))
        let x = codes.selected(units[0], along: 1).array(of: Double.self)
        let y = codes.selected(units[1], along: 1).array(of: Double.self)
        let classes = examples.classes ?? Array(repeating: 0, count: x.count)
        let names = Array(Set(classes)).sorted()
        let series = names.prefix(12).map { name in
            let places = classes.indices.filter { classes[$0] == name }
            return ScatterChart.Series(
                examples.classes == nil ? "examples" : "\(name)", x: places.map { x[$0] },
                y: places.map { y[$0] })
        }
        let isTold = trained.configuration.model.classes > 0
        let chart = ScatterChart(
            xAxis: Axis("unit \(units[0])"), yAxis: Axis("unit \(units[1])"), series: Array(series))
        return ReportPage.Figure(
            chart, name: "codes",
            caption: """
                The means of q(z | x) of held-out examples in the two units that say most\
                \(examples.classes == nil ? "" : ", colored by class" + (isTold ? "" : ", which the model was never told")).
                """)
    }

    /// How far pictures are enlarged on the page, so that small ones can be seen.
    private var enlargement: Int { max(1, 56 / max(trained.exampleShape[1], trained.exampleShape[2])) }

    private func figure(
        _ examples: Tensor, columns: Int, padding: Int = 2, name: String, caption: String
    ) -> ReportPage.Figure {
        let grid = ImageGrid(columns: columns, padding: padding)
        return ReportPage.Figure(
            grid.tiled(Pictures.images(examples)), enlargement: enlargement, name: name, caption: caption)
    }
}
