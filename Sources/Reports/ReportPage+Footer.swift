import Figures
import Tensors

extension ReportPage {
    /// What made a page, and what its numbers depend on beside the configuration.
    package static var footer: String {
        "Made by swift-vae on LibTorch \(Engine.version), \(Engine.threadCount) threads."
    }
}
