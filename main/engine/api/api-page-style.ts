/** How the API's page looks: the window's colours, the system's fonts, and a form for paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#fff, #131918); --side: light-dark(#f3f5f4, #0d1211); --line: light-dark(#e4e8e6, #232c2a); --text: light-dark(#16211f, #e4ebe9); --text-2: light-dark(#4a5754, #a9b5b1); --accent: light-dark(#0b5c5e, #63c1b4); --tint: light-dark(#e7f1f0, #16302d); --code: light-dark(#f3f5f4, #1a2221); }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 16px; }
body { margin: 0; display: grid; grid-template-columns: 272px minmax(0, 1fr); background: var(--bg); color: var(--text); font: 15px/1.55 Inter, system-ui, sans-serif; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow: auto; padding: 28px 20px; background: var(--side); border-right: 1px solid var(--line); font-size: 13px; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { padding-left: 10px; margin: 2px 0 10px; border-left: 1px solid var(--line); }
nav li { margin: 3px 0; }
nav span { display: block; margin-top: 10px; font-weight: 600; }
.brand { margin: 0 0 18px; font-weight: 650; font-size: 15px; }
main { max-width: 880px; padding: 36px 44px 96px; }
h1 { margin: 0 0 8px; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 44px 0 12px; font-size: 20px; line-height: 1.3; }
h3 { margin: 0 0 6px; font-size: 16px; }
h4 { margin: 18px 0 6px; font-size: 13px; color: var(--text-2); }
p { margin: 0 0 12px; }
a { color: var(--accent); text-decoration: none; }
main a { text-decoration: underline; text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:hover { text-decoration: underline; }
a:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.lead { font-size: 17px; color: var(--text-2); }
.aside { color: var(--text-2); font-size: 13px; }
.note { padding: 10px 14px; border-left: 3px solid var(--accent); background: var(--tint); }
code, pre { font: 13px/1.5 ui-monospace, 'SF Mono', 'Cascadia Mono', monospace; }
pre { margin: 0 0 14px; padding: 12px 14px; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--code); }
.operation, .type { margin: 0 0 20px; padding: 20px 22px; border: 1px solid var(--line); border-radius: 10px; }
.call { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.call b { padding: 1px 8px; border: 1px solid currentcolor; border-radius: 999px; color: var(--accent); font-size: 12px; letter-spacing: 0.03em; }
.call i { color: var(--accent); font-style: normal; }
table { width: 100%; margin: 0 0 12px; border-collapse: collapse; font-size: 13px; }
th { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); color: var(--text-2); font-weight: 500; text-align: left; }
td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.fields td:first-child { width: 34%; }
.fields td:last-child, .fields th:last-child { width: 26%; padding-right: 0; color: var(--text-2); }
td.d1 { padding-left: 18px; } td.d2 { padding-left: 36px; } td.d3 { padding-left: 54px; } td.d4 { padding-left: 72px; }
small { color: var(--text-2); white-space: nowrap; }
@media (max-width: 860px) { body { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 24px 20px 64px; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print { :root { color-scheme: light; } body { display: block; font-size: 11pt; } nav { display: none; } main { max-width: none; padding: 0; } .operation, .type { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; } h2, h3, h4 { break-after: avoid; } tr, pre { break-inside: avoid; } pre { white-space: pre-wrap; } a { color: inherit; } }
`;
