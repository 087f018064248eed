/** Decides what fills the window, and keeps document-wide things (language, theme, title) with the stores. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { resolveLanguage } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { CrashBoundary } from './crash-boundary.tsx';
import { EnrollmentPage } from '../enrollment/enrollment-page.tsx';
import { Notices } from '../notices/notices.tsx';
import { ConnectingPage, NoSecretPage } from './page.tsx';
import { applyTheme } from './theme.ts';
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
  if (link === 'refused') return <NoSecretPage isRefused />;
  if (!isReady || !isPreferencesLoaded) return <ConnectingPage />;
  return isEnrolled ? <Workspace /> : <EnrollmentPage />;
}

function Document(): null {
  const { i18n } = useTranslation();
  const { t, language } = useTexts();
  const preferred = useFrom('preferences', (state) => state.language);
  const theme = useFrom('preferences', (state) => state.theme);
  const isLoaded = useFrom('preferences', (state) => state.isLoaded);
  const needsMe = useFrom('session', ({ counts }) => counts?.needsMe ?? 0);

  useEffect(() => {
    void i18n.changeLanguage(resolveLanguage(preferred, navigator.languages));
  }, [i18n, preferred]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    if (isLoaded) applyTheme(theme);
  }, [theme, isLoaded]);
  useEffect(() => {
    document.title = needsMe > 0 ? t('app.titleWithCount', { count: needsMe }) : t('app.name');
  }, [needsMe, t]);
  return null;
}
