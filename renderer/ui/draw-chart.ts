/** What a page shows of figures, as a picture: with the colours it has now, its title and its legend. */

const SCALE = 2;
const MARGIN = 20;
const TITLE_HEIGHT = 36;
const LEGEND_HEIGHT = 34;
const PAINTED = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor'] as const;

/**
 * @param figure in a section, whose background it has; holds a chart (an SVG), or else a table, and the marks of its legend (`[data-mark]`, each with its name as text beside it)
 * @returns a PNG of twice the size; null: it could not be drawn
 */
export async function drawFigure(figure: HTMLElement, title: string): Promise<Blob | null> {
  const chart = figure.querySelector('svg.recharts-surface');
  const table = figure.querySelector('table');
  const shown = chart ?? table;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!shown || !context) return null;
  const { width, height } = shown.getBoundingClientRect();
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + TITLE_HEIGHT + LEGEND_HEIGHT + MARGIN) * SCALE;
  const style = getComputedStyle(figure);
  context.scale(SCALE, SCALE);
  context.fillStyle = getComputedStyle(figure.closest('section') ?? figure).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = style.color;
  context.font = `600 14px ${style.fontFamily}`;
  context.fillText(title, MARGIN, MARGIN + 6);
  if (chart instanceof SVGSVGElement) {
    const picture = await loadPicture(new XMLSerializer().serializeToString(withColours(chart, width, height)));
    if (!picture) return null;
    context.drawImage(picture, MARGIN, TITLE_HEIGHT, width, height);
  } else if (table) paintTable(context, table);
  context.textAlign = 'start';
  context.textBaseline = 'alphabetic';
  context.font = `12px ${style.fontFamily}`;
  let left = MARGIN;
  const top = TITLE_HEIGHT + height + 20;
  for (const mark of figure.querySelectorAll<HTMLElement>('[data-mark]')) {
    const { backgroundImage, backgroundColor } = getComputedStyle(mark);
    const name = mark.parentElement?.textContent.trim() ?? '';
    context.fillStyle = backgroundImage === 'none' ? backgroundColor : (/rgba?\([^)]*\)/.exec(backgroundImage)?.[0] ?? style.color);
    context.fillRect(left, top - 10, 11, 11);
    context.fillStyle = style.color;
    context.fillText(name, left + 17, top);
    left += 17 + context.measureText(name).width + 20;
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
}

function paintTable(context: CanvasRenderingContext2D, table: HTMLTableElement): void {
  const origin = table.getBoundingClientRect();
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const cell of table.querySelectorAll<HTMLElement>('th, td')) {
    const { left, top, width, height } = cell.getBoundingClientRect();
    const { backgroundColor, color, fontSize, fontWeight, fontFamily } = getComputedStyle(cell);
    const x = MARGIN + left - origin.left;
    const y = TITLE_HEIGHT + top - origin.top;
    context.fillStyle = backgroundColor;
    context.fillRect(x, y, width, height);
    context.fillStyle = color;
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    if (cell.querySelector('.visually-hidden') === null) context.fillText(cell.textContent.trim(), x + width / 2, y + height / 2 + 1);
  }
}

/** Outside the page it knows none of its style sheets. */
function withColours(svg: SVGSVGElement, width: number, height: number): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [...svg.querySelectorAll('*')];
  for (const [index, element] of [...copy.querySelectorAll('*')].entries()) {
    const original = originals[index];
    if (!original) continue;
    const style = getComputedStyle(original);
    for (const name of PAINTED) {
      // A pattern is named by an address that is only right within the chart.
      if (original.getAttribute(name)?.startsWith('url(') === true) continue;
      element.setAttribute(name, style.getPropertyValue(name));
    }
    element.removeAttribute('class');
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return copy;
}

async function loadPicture(svg: string): Promise<HTMLImageElement | null> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}
