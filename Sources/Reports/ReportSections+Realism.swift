import Diagnostics
import Evaluation
import Figures

// How like data what the model makes is.
extension ReportSections {
    package func realismSection() -> ReportPage.Section? {
        guard let realism = measured.realism else { return nil }
        var section = ReportPage.Section("How real the samples are")
        section.add(
            paragraph: """
                \(realism.examples) images of each kind, against as many of \(phrase(ofSplit: realism.split)). Precision is the \
                share of images that lie where data do, recall the share of data that lie where the images do, the kernel \
                distance is 0 where the two cannot be told apart. They are measured in the features of a small classifier \
                that has learnt the classes of the training images (it knows \
                \(text(realism.classifierAccuracy.mean * 100)) % of these data), so they compare models of one set only. \
                Sharpness is the variance of the Laplacian; the data have \(realism.dataSharpness.text(digits: 4)).
                """)
        section.add(
            ReportPage.Table(
                columns: [.text("images")] + Realism.columns.map { .number($0) },
                rows: realism.rows.map { [$0.name] + $0.cells },
                caption: """
                    Means with their standard errors. Samples and reconstructions are the means of p(x | z), as they are \
                    shown. The kernel distance is the mean over \(realism.subsets) subsets, the balls of precision and \
                    recall reach \(realism.neighbours) neighbours.
                    """))
        section.add(
            ReportPage.Figure(
                BarChart(
                    xAxis: Axis("images"), yAxis: Axis("variance of the Laplacian"),
                    values: [
                        realism.dataSharpness.mean, realism.reconstructions.sharpness.mean,
                        realism.samples.sharpness.mean,
                    ], names: ["data", "reconstructions", "samples"]),
                name: "sharpness",
                caption: """
                    How sharp data, reconstructions and samples are. What is lost from the first to the second the code does \
                    not hold, or the likelihood averages over; from the second to the third, z of the prior is not like \
                    the codes of data.
                    """))
        return section
    }
}

extension Realism {
    /// Headings of what is measured of each kind of images.
    package static let columns = ["precision", "recall", "kernel distance", "sharpness"]

    /// A kind of images with what was measured of it.
    package struct Row {
        package let name: String
        package let cells: [String]
    }

    /// A row for each kind.
    package var rows: [Row] {
        let kinds: [(String, Likeness?)] = [
            ("samples", samples), ("reconstructions", reconstructions), ("training images", training),
        ]
        return kinds.compactMap { name, likeness in
            likeness.map {
                Row(
                    name: name,
                    cells: [
                        $0.precision.text(digits: 3), $0.recall.text(digits: 3),
                        $0.kernelDistance.text(digits: 4), $0.sharpness.text(digits: 4),
                    ])
            }
        }
    }
}
