import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';

/** How to start the program again, for the shell that this window belongs to. */
export function useEngineGoneHint(): string {
  const { t } = useTexts();
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  return window.bandejaShell ? t('strip.engineGoneDesktopHint') : t('strip.engineGoneHint', { command: isDemo ? 'npm start' : 'npm start -- --data-dir DIR' });
}
