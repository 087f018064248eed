/** The number of conversations that need me, on the tab's icon. */
const ICON = 'link[rel="icon"]';
const plainIcons = new WeakMap<Document, string>();

export function drawBadge(page: Document, count: number, size: number): void {
  const link = page.querySelector<HTMLLinkElement>(ICON);
  if (!link) return;
  const plain = plainIcons.get(page) ?? link.href;
  plainIcons.set(page, plain);
  if (count === 0) {
    link.href = plain;
    return;
  }
  const icon = new Image(size, size);
  icon.addEventListener('load', () => {
    const canvas = page.createElement('canvas');
    canvas.width = size;
    canvas.height = size;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.drawImage(icon, 0, 0, size, size);
    const radius = size * 0.3;
    pen.beginPath();
    pen.arc(size - radius, radius, radius, 0, 2 * Math.PI);
    pen.fillStyle = '#bb2b20';
    pen.fill();
    pen.fillStyle = '#ffffff';
    pen.font = `700 ${size * 0.42}px system-ui, sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(count > 9 ? '9+' : String(count), size - radius, radius * 1.06);
    link.href = canvas.toDataURL('image/png');
  });
  icon.src = plain;
}
