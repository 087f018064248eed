import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';

/** How to start the program again, for the shell that this window belongs to. */
export function useEngineGoneHint(): string {
  const { t } = useTexts();
  const command = useFrom('session', ({ session }) => session?.startCommand ?? null);
  // A window that never reached its program does not know how that was started.
  return window.bandejaShell ? t('strip.engineGoneDesktopHint') : t('strip.engineGoneHint', { command: command ?? 'npm start' });
}
