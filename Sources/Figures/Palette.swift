/// The colours of the charts and the style that every drawing carries.
///
/// Ten colors for white and ten for near-black paper, found by search: each reaches a contrast of 3 against its
/// paper. Any two are 16 OKLab units (of 100) apart for most eyes, 10 under full protanopia and deuteranopia, and
/// 8.5 under tritanopia (Machado, Oliveira, Fernandes 2009, doi:10.1109/TVCG.2009.113); the first four are 14 apart
/// for all of them. Charts name their parts directly as well.
enum Palette {
    private static let onLight = [
        "#5a96d2", "#780000", "#c3870f", "#1e1ed2", "#002d4b", "#d20f0f", "#c30fff", "#780f96", "#00785a",
        "#ff2da5",
    ]
    private static let onDark = [
        "#3c87c3", "#ffe12d", "#c33c00", "#b4f0ff", "#c3960f", "#960fff", "#c3a5f0", "#1e785a", "#f01e96",
        "#1ef0a5",
    ]

    /// How many colours there are before they repeat.
    static let count = onLight.count

    /// The style class of the colour at a position, beginning anew after the last.
    static func name(of position: Int) -> String { "c\(position % count)" }

    /// The style sheet of a drawing; scoped to `.plot`, so that many can share a page.
    static let style = """
        .plot{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
        max-width:100%;height:auto;color:#1d242b;font-variant-numeric:tabular-nums}
        .plot text{fill:currentColor}
        .plot .quiet{color:#646f7a}
        .plot .title{font-size:15px;font-weight:600}
        .plot .name{font-weight:600}
        .plot .middle{font-size:15px;font-weight:700}
        .plot .halo{stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
        .plot .grid{stroke:#e3e7eb;fill:none}
        .plot .tick{stroke:#a9b2bb;fill:none}
        .plot .muted{fill:#c3cad1}
        .plot .reference{stroke:#646f7a;stroke-dasharray:2 4;stroke-width:1.2;fill:none}
        .plot .whisker{stroke:#646f7a;stroke-width:1.5;fill:none}
        .plot .curve{stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;fill:none}
        .plot .dot{stroke:currentColor;stroke-width:6;stroke-linecap:round;fill:none}
        .plot .cloud{stroke:currentColor;stroke-linecap:round;stroke-opacity:.85;fill:none}
        .plot .band{fill:currentColor;fill-opacity:.16}
        \(rules(onLight))
        @media screen and (prefers-color-scheme:dark){
        .plot{color:#e4e8ec}
        .plot .quiet{color:#98a3ae}
        .plot .halo{stroke:#14181d}
        .plot .grid{stroke:#2a3138}
        .plot .tick{stroke:#525c66}
        .plot .muted{fill:#46505a}
        .plot .reference,.plot .whisker{stroke:#98a3ae}
        \(rules(onDark))
        }
        """

    private static func rules(_ colors: [String]) -> String {
        colors.enumerated().map { ".plot .c\($0){color:\($1)}" }.joined(separator: "\n")
    }
}
