/** A place: a drawn map (nothing is fetched to show it), its name and address, and ways out of here. */
import { Copy, ExternalLink, Map } from 'lucide-react';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useStores } from '../../ui/app-context.tsx';
import { MapSketch } from './map-sketch.tsx';
import type { ContentOf } from './message-content.tsx';
import { coordinatesText, mapsLink, webLink } from './place-links.ts';
import styles from './location-content.module.css';

export function LocationContent({ content }: { content: ContentOf<'location'> }) {
  const { t } = useTexts();
  const { toasts } = useStores();
  const { latitude, longitude, name, address } = content;
  const coordinates = coordinatesText(latitude, longitude);
  const place = webLink(content.url);
  return (
    <div className={styles['location']}>
      <MapSketch latitude={latitude} longitude={longitude} label={t('message.mapLabel', { place: coordinates })} />
      {name !== null && (
        <p className={styles['name']}>
          <bdi>{name}</bdi>
        </p>
      )}
      {address !== null && (
        <p className={styles['address']}>
          <bdi>{address}</bdi>
        </p>
      )}
      <p className={styles['coordinates']}>{coordinates}</p>
      <div className={styles['links']}>
        <a data-main="" href={mapsLink(latitude, longitude)} target="_blank" rel="noopener noreferrer">
          <Map size={14} aria-hidden="true" />
          {t('message.openInMaps')}
        </a>
        <button type="button" onClick={() => void navigator.clipboard.writeText(coordinates).then(() => toasts.getState().say('action.copied'))}>
          <Copy size={14} aria-hidden="true" />
          {t('message.copyCoordinates')}
        </button>
        {place !== null && (
          <a href={place} target="_blank" rel="noopener noreferrer">
            <ExternalLink size={14} aria-hidden="true" />
            {t('message.placeLink')}
          </a>
        )}
      </div>
    </div>
  );
}
