extension ReportPage {
    /// The style sheet of the page; its paper and ink are those that the charts assume.
    static let style = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1d242b;--quiet:#5b6670;--rule:#dfe3e7;--panel:#f5f6f8;
        --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        --serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;
        --mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        @media screen and (prefers-color-scheme:dark){
        :root{--paper:#14181d;--ink:#e4e8ec;--quiet:#9aa5b0;--rule:#2f373f;--panel:#1c2228}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 var(--sans);
        -webkit-text-size-adjust:100%}
        main{max-width:53rem;margin:0 auto;padding:clamp(2rem,7vw,5rem) clamp(1.1rem,5vw,2.5rem)}
        h1,h2{font-family:var(--serif);font-weight:600;line-height:1.15;text-wrap:balance}
        h1{font-size:clamp(1.9rem,5vw,2.8rem);letter-spacing:-.015em;margin:0}
        h2{font-size:1.6rem;margin:0 0 1rem}
        p{max-width:42rem;margin:0 0 1rem;text-wrap:pretty}
        .subtitle{font-size:1.2rem;line-height:1.5;color:var(--quiet);margin:.9rem 0 0}
        section{margin-top:3.5rem;padding-top:2rem;border-top:1px solid var(--rule)}
        .key{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:1.75rem 2rem;
        margin:2.75rem 0 0}
        .key div{border-top:2px solid var(--ink);padding-top:.7rem}
        .key dt{font-size:.9rem;line-height:1.35;color:var(--quiet)}
        .key dd{margin:0}
        .key .value{display:flex;flex-wrap:wrap;align-items:baseline;column-gap:.45rem;font-size:2rem;
        font-weight:600;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
        .key .unit{font-size:1rem;font-weight:400;letter-spacing:0;color:var(--quiet);white-space:nowrap}
        .key .note{font-size:.85rem;line-height:1.4;color:var(--quiet);margin-top:.2rem}
        figure{margin:2rem 0 2.5rem;break-inside:avoid}
        figure svg,figure img{display:block;max-width:100%;height:auto}
        figure img{width:100%;image-rendering:pixelated;border-radius:3px}
        figcaption,caption{font-size:.92rem;line-height:1.5;color:var(--quiet);text-align:left}
        figcaption{max-width:42rem;margin-top:.9rem;text-wrap:pretty}
        figcaption b,caption b{color:var(--ink);font-weight:600}
        .row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:0 2.5rem;
        margin:2rem 0 2.5rem}
        .row figure{margin:0 0 1.5rem}
        .wide{overflow-x:auto;margin:2rem 0 2.5rem}
        table{border-collapse:collapse;font-size:.97rem;font-variant-numeric:tabular-nums lining-nums;
        border-top:2px solid var(--ink);border-bottom:2px solid var(--ink)}
        caption{padding-bottom:.7rem}
        th,td{padding:.42rem 2.2rem .42rem 0;text-align:left;vertical-align:baseline}
        th{font-weight:600;line-height:1.3;border-bottom:1px solid var(--ink)}
        tbody tr+tr td{border-top:1px solid var(--rule)}
        th:last-child,td:last-child{padding-right:0}
        .number{text-align:right}
        td.number{white-space:nowrap}
        pre{background:var(--panel);border-radius:6px;padding:1rem 1.2rem;overflow-x:auto;
        font:.9rem/1.55 var(--mono);margin:1.25rem 0 1.5rem}
        code{font:inherit}
        footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--rule);font-size:.85rem;
        color:var(--quiet)}
        @media screen and (max-width:38rem){
        figure{overflow-x:auto}
        section>figure>svg.plot{max-width:none;width:36rem}}
        @media print{
        @page{margin:18mm}
        body{font-size:10.5pt}
        main{max-width:none;padding:0}
        h2,caption,thead{break-after:avoid}
        tr,pre,.key div{break-inside:avoid}
        pre{white-space:pre-wrap}
        figure img{print-color-adjust:exact}}
        """
}
