/** A point without a map, which would need a network and tell somebody where the customer is: a grid, a mark, and the numbers. */
import { MapPin } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Point } from './parse-location.ts';
import styles from './card.module.css';

export function MapSketch({ latitude, longitude }: Point) {
  const { t } = useTexts();
  const numbers = { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5) };
  return (
    <div className={styles['sketch']} role="img" aria-label={t('compose.location.sketch', numbers)}>
      <svg viewBox="0 0 240 96" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        {[16, 48, 80].map((y) => (
          <path key={y} d={`M0 ${y} Q 60 ${y - 7} 120 ${y} T 240 ${y}`} />
        ))}
        {[24, 72, 120, 168, 216].map((x) => (
          <path key={x} d={`M${x} 0 Q ${x + 7} 32 ${x} 64 T ${x} 128`} />
        ))}
      </svg>
      <MapPin className={styles['pin']} size={22} aria-hidden="true" />
      <span className="tabular" aria-hidden="true">
        {numbers.latitude}, {numbers.longitude}
      </span>
    </div>
  );
}
