/** A chart of the page as a picture: with the colours it has now, its title and its legend. */

const SCALE = 2;
const MARGIN = 20;
const TITLE_HEIGHT = 36;
const LEGEND_HEIGHT = 34;
const PAINTED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor'] as const;

/** @param around the element whose colours the names of the legend have, in their order (`[data-class]`). Null: it could not be drawn. */
export async function drawChart(svg: SVGSVGElement, title: string, legend: readonly string[], around: HTMLElement): Promise<Blob | null> {
  const { width, height } = svg.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + TITLE_HEIGHT + LEGEND_HEIGHT + MARGIN) * SCALE;
  const context = canvas.getContext('2d');
  const chart = await loadPicture(new XMLSerializer().serializeToString(withColours(svg, width, height)));
  if (!context || !chart) return null;
  const style = getComputedStyle(around);
  context.scale(SCALE, SCALE);
  context.fillStyle = getComputedStyle(around.parentElement ?? around).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = style.color;
  context.font = `600 14px ${style.fontFamily}`;
  context.fillText(title, MARGIN, MARGIN + 6);
  context.drawImage(chart, MARGIN, TITLE_HEIGHT, width, height);
  context.font = `12px ${style.fontFamily}`;
  const marks = [...around.querySelectorAll('[data-class]')].map((mark) => getComputedStyle(mark));
  let left = MARGIN;
  const top = TITLE_HEIGHT + height + 20;
  for (const [index, name] of legend.entries()) {
    const mark = marks[index];
    const colour = mark?.backgroundImage === 'none' ? mark.backgroundColor : /rgba?\([^)]*\)/.exec(mark?.backgroundImage ?? '')?.[0];
    context.fillStyle = colour ?? style.color;
    context.fillRect(left, top - 10, 11, 11);
    context.fillStyle = style.color;
    context.fillText(name, left + 17, top);
    left += 17 + context.measureText(name).width + 20;
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
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
