import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { modKey } from '../ui/keys.ts';
import styles from './shortcuts-dialog.module.css';

const GROUPS = [
  {
    group: 'list',
    keys: [
      ['next', ['J', '↓']],
      ['previous', ['K', '↑']],
      ['open', ['Enter']],
      ['search', ['/']],
      ['direct', ['C']],
      ['searchAll', ['Mod+F', 'Mod+Shift+F']],
      ['pick', ['X']],
      ['pickAll', ['Mod+A']],
      ['goMine', ['G M']],
      ['goTeams', ['G T']],
      ['goUnassigned', ['G U']],
      ['goAll', ['G A']],
    ],
  },
  {
    group: 'conversation',
    keys: [
      ['reply', ['R']],
      ['writeNote', ['N']],
      ['template', ['T']],
      ['takeDraft', ['Mod+J']],
      ['goDraft', ['B']],
      ['sendDraft', ['Mod+Enter']],
      ['cancelDraft', ['Esc']],
      ['attach', ['Mod+O']],
      ['voice', ['V']],
      ['messages', ['↑', '↓']],
      ['openMessage', ['Enter']],
      ['react', ['+']],
      ['find', ['Mod+F']],
      ['take', ['M']],
      ['assign', ['A']],
      ['labels', ['L']],
      ['snooze', ['Z']],
      ['archive', ['E']],
      ['close', ['Shift+E']],
      ['linkRequest', ['I']],
      ['reviewProposal', ['P']],
      ['panel', ['D']],
    ],
  },
  {
    group: 'requests',
    keys: [
      ['newRequest', ['N']],
      ['copyReference', ['.']],
      ['saveRequest', ['Mod+Enter']],
    ],
  },
  {
    group: 'knowledge',
    keys: [
      ['newArticle', ['N']],
      ['saveArticle', ['Mod+Enter']],
    ],
  },
  {
    group: 'general',
    keys: [
      ['goRequests', ['G R']],
      ['goProposals', ['G P']],
      ['goBoard', ['G B']],
      ['goKnowledge', ['G K']],
      ['goQuality', ['G Q']],
      ['undo', ['Mod+Z']],
      ['escape', ['Esc']],
      ['sheet', ['?']],
    ],
  },
] as const;

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <div className={styles['groups']} tabIndex={0}>
        {GROUPS.map(({ group, keys }) => (
          <section key={group}>
            <h3 className={styles['title']}>{t(`shortcuts.${group}`)}</h3>
            <dl className={styles['keys']}>
              {keys
                .filter(([name]) => isLead || name !== 'goBoard')
                .map(([name, shortcuts]) => (
                  <div key={name} className={styles['key']}>
                    <dt>{t(`shortcuts.${name}`)}</dt>
                    <dd>
                      {shortcuts.map((shortcut, index) => (
                        <span key={shortcut}>
                          {index > 0 && ` ${t('shortcuts.or')} `}
                          <kbd>{shortcut.replace('Mod', modKey())}</kbd>
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
