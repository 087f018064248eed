/**
 * For developers: every token and primitive of the design system side by side, in each theme, contrast, density and language
 * (`npm run gallery`). It has no engine and is no part of what ships.
 */
import '@fontsource-variable/inter/wght.css';
import '../ui/emoji.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { Archive, Inbox, MoreHorizontal, Reply, Settings, Trash2, Users } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { LABEL_COLORS } from '../../contract/rules/label-colors.ts';
import { createI18n, LANGUAGES, speak } from '../i18n/i18n.ts';
import { TextsProvider } from '../i18n/use-texts.tsx';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton, MenuButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Check, SelectField, TextArea, TextField } from '../ui/field.tsx';
import { LabelChip, LabelDot } from '../ui/label-chip.tsx';
import { Logo } from '../ui/logo.tsx';
import { ContextMenuArea, Menu } from '../ui/menu.tsx';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { Tooltip, TooltipProvider } from '../ui/tooltip.tsx';
import styles from './gallery.module.css';

const SURFACES = [
  '--bg',
  '--surface',
  '--surface-thread',
  '--surface-raised',
  '--accent-tint',
  '--selected',
  '--bubble-in',
  '--bubble-out',
  '--amber-tint',
  '--red-tint',
  '--doubt-tint',
  '--note-fill',
  '--ai-fill',
];
const INKS = ['--text', '--text-2', '--text-3', '--accent', '--amber', '--red', '--doubt', '--read', '--note-text'];
const LINES = ['--line', '--line-strong', '--line-control', '--bubble-in-line', '--bubble-out-line', '--amber-line', '--red-line', '--doubt-line', '--note-line', '--ai-line'];
const SIZES = ['--size-xs', '--size-s', '--size-m', '--size-message', '--size-l', '--size-xl'];
const SPACES = ['--space-1', '--space-2', '--space-3', '--space-4', '--space-6', '--space-8'];

/** Attributes of the document and what each may be; the first one is as the system says. */
const CHOICES = { theme: ['', 'light', 'dark'], contrast: ['', 'more'], density: ['', 'compact'] } as const;

const PARTS = [
  { part: 'tokens', label: 'Tokens', Icon: Inbox },
  { part: 'controls', label: 'Controls', Icon: Settings },
  { part: 'overlays', label: 'Overlays', Icon: Users },
] as const;
type GalleryPart = (typeof PARTS)[number]['part'];

const i18n = await createI18n('es');

function Gallery() {
  const [part, setPart] = useState<GalleryPart>('tokens');
  return (
    <div className={styles['gallery']}>
      <header className={styles['bar']}>
        <Logo size={22} />
        {Object.entries(CHOICES).map(([name, values]) => (
          <label key={name}>
            {name}{' '}
            <select onChange={(event) => (document.documentElement.dataset[name] = event.target.value)}>
              {values.map((value) => (
                <option key={value} value={value}>
                  {value || 'system'}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label>
          language{' '}
          <select onChange={(event) => void speak(i18n, event.target.value)}>
            {LANGUAGES.map((language) => (
              <option key={language}>{language}</option>
            ))}
          </select>
        </label>
      </header>
      <PartsPage<GalleryPart> title="Gallery" label="Parts of the gallery" current={part} onChoose={setPart} parts={PARTS}>
        {part === 'tokens' ? <Tokens /> : part === 'controls' ? <Controls /> : <Overlays />}
      </PartsPage>
    </div>
  );
}

const Tokens = () => (
  <>
    <Part title="Ink on surfaces" text="A test holds the pairs in use to WCAG AA, and in high contrast to AAA.">
      <div className={styles['grid']}>
        {SURFACES.map((surface) => (
          <div key={surface} className={styles['surface']} style={{ background: `var(${surface})` }}>
            <code>{surface}</code>
            {INKS.map((ink) => (
              <span key={ink} style={{ color: `var(${ink})` }}>
                {ink}
              </span>
            ))}
          </div>
        ))}
      </div>
    </Part>
    <Part title="Lines" text="Hairlines instead of shadows.">
      <div className={styles['grid']}>
        {LINES.map((line) => (
          <code key={line} className={styles['line']} style={{ borderColor: `var(${line})` }}>
            {line}
          </code>
        ))}
      </div>
    </Part>
    <Part title="Type" text="Inter; tabular figures where figures stand below each other.">
      <div className={styles['stack']}>
        {SIZES.map((size) => (
          <p key={size} style={{ fontSize: `var(${size})` }}>
            {size}: El señor Ñáñez pidió 1,234.50 m³ para el 24 de diciembre 🙂
          </p>
        ))}
      </div>
    </Part>
    <Part title="Space" text="A grid of 4 px.">
      <div className={styles['stack']}>
        {SPACES.map((space) => (
          <div key={space} className={styles['row']}>
            <span className={styles['space']} style={{ width: `var(${space})` }} /> <code>{space}</code>
          </div>
        ))}
      </div>
    </Part>
  </>
);

const Controls = () => (
  <>
    <Part title="Buttons" text="One primary at a place.">
      <div className={styles['row']}>
        {(['primary', 'plain', 'quiet', 'danger'] as const).map((look) => (
          <Button key={look} look={look} icon={<Reply size={15} />}>
            {look}
          </Button>
        ))}
        <Button aria-disabled>off</Button>
        <IconButton label="Archive" keys="E">
          <Archive size={17} />
        </IconButton>
        <IconButton label="Archive" isOn>
          <Archive size={17} />
        </IconButton>
        <MenuButton label="More">
          <MoreHorizontal size={17} />
        </MenuButton>
      </div>
    </Part>
    <Part title="Fields" text="A label, the control, and what to know or what is wrong.">
      <div className={styles['fields']}>
        <TextField label="Name" hint="Shown to the team" />
        <TextField label="Phone" error="This is no phone number." defaultValue="55" />
        <TextArea label="Text" defaultValue="Buen día" />
        <SelectField label="Status">
          <option>New</option>
          <option>Done</option>
        </SelectField>
        <Switches />
      </div>
    </Part>
    <Part title="People and labels" text="Hues stay with the person; the name of a label is always there.">
      <div className={styles['row']}>
        {([18, 24, 32, 36, 56] as const).map((size) => (
          <Avatar key={size} id={`p${size}`} name="María Xicay" size={size} />
        ))}
        {LABEL_COLORS.map((color) => (
          <span key={color} className={styles['row']}>
            <LabelDot color={color} />
            <LabelChip label={{ name: color, color }} />
          </span>
        ))}
      </div>
    </Part>
    <Part title="Rows" text="Their height is the density's." action={<Button look="primary">Add</Button>}>
      <Rows label="Rows">
        <Row>One</Row>
        <Row>Two</Row>
      </Rows>
      <Empty>Nothing here yet.</Empty>
    </Part>
  </>
);

function Switches() {
  const [isOn, setOn] = useState(true);
  return <Check label="Sound" hint="A short one" isOn={isOn} onChange={setOn} />;
}

function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | null>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const entries = [
    { label: 'Reply', icon: <Reply size={15} />, keys: 'R', run: () => undefined },
    { label: 'Delete', icon: <Trash2 size={15} />, isDisabled: true, run: () => undefined },
  ];
  const close = (): void => setOpen(null);
  return (
    <Part title="Overlays" text="Escape closes what is open and gives the focus back.">
      <div className={styles['row']}>
        <Button onClick={() => setOpen('dialog')}>Dialog</Button>
        <Button onClick={() => setOpen('confirm')}>Confirm</Button>
        <Button onClick={(event) => setAnchor(event.currentTarget)}>Popover</Button>
        <Menu trigger={<Button>Menu</Button>} entries={entries} />
        <Tooltip content="What it does" keys="Ctrl+K">
          <Button>Tooltip</Button>
        </Tooltip>
        <ContextMenuArea entries={entries} onOpenChange={() => undefined}>
          <Boxed>Context menu</Boxed>
        </ContextMenuArea>
      </div>
      {open === 'dialog' && (
        <Dialog title="Dialog" onClose={close}>
          <TextField label="Name" />
        </Dialog>
      )}
      {open === 'confirm' && (
        <Confirm title="Delete?" confirm="Delete" typed={{ word: 'delete', label: 'Type delete' }} isBusy={false} failure={null} onConfirm={close} onClose={close}>
          It cannot be taken back.
        </Confirm>
      )}
      {anchor && (
        <AnchoredPopover anchor={anchor} label="Popover" onClose={() => setAnchor(null)}>
          <Button onClick={() => setAnchor(null)}>Close</Button>
        </AnchoredPopover>
      )}
    </Part>
  );
}

const Boxed = ({ children, ...props }: { children: ReactNode }) => (
  <span className={styles['boxed']} {...props}>
    {children}
  </span>
);

createRoot(document.getElementById('root')!).render(
  <I18nextProvider i18n={i18n}>
    <TextsProvider>
      <TooltipProvider>
        <Gallery />
      </TooltipProvider>
    </TextsProvider>
  </I18nextProvider>,
);
