import { useTexts } from '../i18n/use-texts.tsx';
import { Dialog } from '../ui/dialog.tsx';
import styles from './shortcuts-dialog.module.css';

const GROUPS = [
  {
    group: 'list',
    keys: [
      ['next', ['J', '↓']],
      ['previous', ['K', '↑']],
      ['open', ['Enter']],
      ['search', ['/']],
    ],
  },
  {
    group: 'conversation',
    keys: [
      ['reply', ['R']],
      ['messages', ['↑', '↓']],
      ['archive', ['E']],
      ['close', ['Shift+E']],
      ['panel', ['I']],
    ],
  },
  {
    group: 'general',
    keys: [
      ['escape', ['Esc']],
      ['sheet', ['?']],
    ],
  },
] as const;

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <div className={styles['groups']}>
        {GROUPS.map(({ group, keys }) => (
          <section key={group}>
            <h3 className={styles['title']}>{t(`shortcuts.${group}`)}</h3>
            <dl className={styles['keys']}>
              {keys.map(([name, shortcuts]) => (
                <div key={name} className={styles['key']}>
                  <dt>{t(`shortcuts.${name}`)}</dt>
                  <dd>
                    {shortcuts.map((shortcut, index) => (
                      <span key={shortcut}>
                        {index > 0 && ` ${t('shortcuts.or')} `}
                        <kbd>{shortcut}</kbd>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className={styles['note']}>{t('shortcuts.note')}</p>
    </Dialog>
  );
}
