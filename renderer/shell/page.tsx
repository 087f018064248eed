/** Whole-window pages for when there is no inbox to show. */
import type { ReactNode, Ref } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { useEngineGoneHint } from './engine-gone-hint.ts';
import styles from './page.module.css';

/** `heading`: for whoever takes the keyboard there, because what had it is gone. */
export const Page = ({ title, heading, isWide = false, children }: { title?: string; heading?: Ref<HTMLHeadingElement>; isWide?: boolean; children?: ReactNode }) => (
  <main className={styles['page']}>
    <div className={styles['card']} data-wide={isWide || undefined}>
      <Logo size={44} />
      {title !== undefined && (
        <h1 ref={heading} tabIndex={heading ? -1 : undefined} className={styles['title']}>
          {title}
        </h1>
      )}
      {children}
    </div>
  </main>
);

export function ConnectingPage() {
  const { t } = useTexts();
  const isGone = useFrom('link', (link) => link.status === 'down' && link.isLasting);
  const hint = useEngineGoneHint();
  if (isGone) {
    return (
      <Page title={t('strip.engineGone')}>
        <p role="status">{hint}</p>
      </Page>
    );
  }
  return (
    <Page>
      <p className={styles['quiet']} role="status">
        {t('page.connecting')}
      </p>
    </Page>
  );
}

/** What is left when a part of the window failed while it was painted. */
export function CrashedPage() {
  const { t } = useTexts();
  return (
    <Page title={t('page.crashedTitle')}>
      <p>{t('page.crashedText')}</p>
      <div>
        <Button look="primary" onClick={() => location.reload()}>
          {t('action.reload')}
        </Button>
      </div>
    </Page>
  );
}

export function NoSecretPage() {
  const { t } = useTexts();
  return (
    <Page title={t('page.noSecretTitle')}>
      <p>{t('page.noSecretText')}</p>
    </Page>
  );
}

/** The program was started anew, and has another secret. @param kept what became of what was typed here; left out: it is kept. */
export function RefusedPage({ kept, children }: { kept?: string; children?: ReactNode }) {
  const { t } = useTexts();
  return (
    <Page title={t('page.refusedTitle')}>
      <p>{t('page.refusedText', { kept: kept ?? t('page.refusedKept') })}</p>
      {children}
    </Page>
  );
}
