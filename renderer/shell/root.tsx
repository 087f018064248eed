/** Decides what fills the window, and keeps document-wide things (language, theme, title) with the stores. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { resolveLanguage, speak } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { CrashBoundary } from './crash-boundary.tsx';
import { EnrollmentPage } from '../enrollment/enrollment-page.tsx';
import { KeyWaitPage } from '../team-key/key-wait.tsx';
import { Notices } from '../notices/notices.tsx';
import { OldWindowPage } from './old-window-page.tsx';
import { ConnectingPage } from './page.tsx';
import { waitsAtFirst } from '../store/session-store.ts';
import { rememberLanguage } from './remembered-language.ts';
import { applyLook, MORE_CONTRAST } from './theme.ts';
import { useMedia } from './use-media.ts';
import { Workspace } from './workspace.tsx';

export function Root() {
  return (
    <CrashBoundary>
      <Document />
      <Notices />
      <TooltipProvider>
        <Screen />
      </TooltipProvider>
    </CrashBoundary>
  );
}

function Screen() {
  const link = useFrom('link', (state) => state.status);
  const isReady = useFrom('session', ({ session, sync }) => session !== null && sync !== null);
  const isPreferencesLoaded = useFrom('preferences', (state) => state.isLoaded);
  const isEnrolled = useFrom('session', ({ sync }) => sync?.logId !== null);
  const waitsForKey = useFrom('session', waitsAtFirst);
  if (link === 'refused') return <OldWindowPage />;
  if (!isReady || !isPreferencesLoaded) return <ConnectingPage />;
  if (!isEnrolled) return <EnrollmentPage />;
  return waitsForKey ? <KeyWaitPage /> : <Workspace />;
}

function Document(): null {
  const { i18n } = useTranslation();
  const { t, language } = useTexts();
  const preferred = useFrom('preferences', (state) => state.language);
  const theme = useFrom('preferences', (state) => state.theme);
  const contrast = useFrom('preferences', (state) => state.contrast);
  const systemWantsContrast = useMedia(MORE_CONTRAST);
  const density = useFrom('preferences', (state) => state.density);
  const checksSpelling = useFrom('preferences', (state) => state.checksSpelling);
  const isLoaded = useFrom('preferences', (state) => state.isLoaded);
  const needsMe = useFrom('session', ({ counts }) => counts?.needsMe ?? 0);

  useEffect(() => {
    if (!isLoaded) return;
    rememberLanguage(preferred);
    let isWanted = true;
    void speak(i18n, resolveLanguage(preferred, navigator.languages), () => isWanted);
    return () => {
      isWanted = false;
    };
  }, [i18n, preferred, isLoaded]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    if (isLoaded) applyLook({ theme, contrast, density }, systemWantsContrast);
  }, [theme, contrast, density, systemWantsContrast, isLoaded]);
  useEffect(() => {
    // Every text that does not say otherwise follows the document.
    document.documentElement.spellcheck = checksSpelling;
  }, [checksSpelling]);
  useEffect(() => {
    document.title = needsMe > 0 ? t('app.titleWithCount', { count: needsMe }) : t('app.name');
  }, [needsMe, t]);
  return null;
}
