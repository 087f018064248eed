import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';

/** What shutting a desktop out means for the team's key, before it is done. */
export function KeyChanges() {
  const { t } = useTexts();
  const hasSheet = useFrom('session', ({ sync }) => sync?.sheet?.isVoid === false);
  const hasKey = useFrom('session', ({ sync }) => sync?.keyTrouble !== 'old_desktops');
  return hasKey && <p>{t(hasSheet ? 'devices.keyChangesWithSheet' : 'devices.keyChanges')}</p>;
}
