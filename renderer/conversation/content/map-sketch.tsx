import styles from './map-sketch.module.css';

/** Streets of no town: the same place always looks the same, and nothing here says more than the coordinates do. */
export function MapSketch({ latitude, longitude, label }: { latitude: number; longitude: number; label: string }) {
  const shiftX = fraction(longitude * 200) * 40;
  const shiftY = fraction(latitude * 200) * 40;
  const bend = fraction(latitude * 31 + longitude * 17) * 40 - 20;
  return (
    <svg className={styles['map']} viewBox="0 0 280 130" role="img" aria-label={label} preserveAspectRatio="xMidYMid slice">
      <rect className={styles['land']} width="280" height="130" />
      <g className={styles['streets']}>
        {[-40, 0, 40, 80, 120].map((y) => (
          <line key={y} x1="0" x2="280" y1={y + shiftY} y2={y + shiftY + 10} />
        ))}
        {[-40, 20, 80, 140, 200, 260].map((x) => (
          <line key={x} x1={x + shiftX} x2={x + shiftX - 16} y1="0" y2="130" />
        ))}
      </g>
      <path className={styles['avenue']} d={`M0 ${88 + bend} C 90 ${70 - bend}, 190 ${92 + bend}, 280 ${60 - bend}`} />
      <ellipse className={styles['shade']} cx="140" cy="83" rx="9" ry="3" />
      <path className={styles['pin']} d="M140 82 C 128 66, 126 60, 126 54 a14 14 0 0 1 28 0 C 154 60, 152 66, 140 82 Z" />
      <circle className={styles['hole']} cx="140" cy="54" r="5" />
    </svg>
  );
}

const fraction = (value: number): number => value - Math.floor(value);
