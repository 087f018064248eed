/**
 * Every command that has a key, with the keys it has until an agent chooses others: the one place from which the sheet, menus, tooltips,
 * the palette and the listener take them. What a command does is said where it is done (`use-commands.ts`). Invariants, held by a test:
 * no two commands share a key where both can be meant; each has a title in every language.
 */
import type { Binding } from './stroke.ts';

export type CommandGroup = 'list' | 'conversation' | 'requests' | 'knowledge' | 'quality' | 'notices' | 'places' | 'general';

/** Where a command can be meant; `window`: wherever its agent is. `nudge`, `notices`: only inside that box, in which the others do not count. */
export type CommandPlace = 'window' | 'inbox' | 'board' | 'requests' | 'proposals' | 'knowledge' | 'reviews' | 'charts' | 'nudge' | 'notices';

type Spec = {
  /** In the area `shortcuts` of the texts. */
  title: string;
  group: CommandGroup;
  keys: readonly Binding[];
  /** Further keys that stay whatever is chosen; with `keys` empty the command is there to be shown. */
  fixed?: readonly Binding[];
  where: readonly CommandPlace[];
  /** It goes on while the key is held down. Of no other: a held E would empty the inbox. */
  repeats?: true;
  /** Also while the focus is in a text; its keys have Ctrl, Cmd or Alt. */
  inText?: true;
  /** It means what the focus is on, so the palette, which takes the focus, does not offer it. */
  isByFocus?: true;
};

const specs = {
  next: { title: 'next', group: 'list', keys: ['j'], fixed: ['arrowdown'], where: ['inbox', 'board', 'requests', 'knowledge', 'reviews', 'notices'], repeats: true, isByFocus: true },
  previous: { title: 'previous', group: 'list', keys: ['k'], fixed: ['arrowup'], where: ['inbox', 'board', 'requests', 'knowledge', 'reviews', 'notices'], repeats: true, isByFocus: true },
  open: { title: 'open', group: 'list', keys: [], fixed: ['enter'], where: ['inbox'], isByFocus: true },
  filter: { title: 'search', group: 'list', keys: ['/'], where: ['inbox', 'requests', 'knowledge'] },
  direct: { title: 'direct', group: 'list', keys: ['c'], where: ['inbox'] },
  searchAll: { title: 'searchAll', group: 'list', keys: ['mod+shift+f'], where: ['inbox'], inText: true },
  pick: { title: 'pick', group: 'list', keys: ['x'], where: ['inbox', 'board'] },
  pickAll: { title: 'pickAll', group: 'list', keys: ['mod+a'], where: ['inbox'] },
  markUnread: { title: 'markUnread', group: 'list', keys: ['u'], where: ['inbox'] },

  reply: { title: 'reply', group: 'conversation', keys: ['r'], where: ['inbox'] },
  writeNote: { title: 'writeNote', group: 'conversation', keys: ['n'], where: ['inbox'] },
  template: { title: 'template', group: 'conversation', keys: ['t'], where: ['inbox'] },
  takeDraft: { title: 'takeDraft', group: 'conversation', keys: ['mod+j'], where: ['inbox'], inText: true },
  goDraft: { title: 'goDraft', group: 'conversation', keys: ['b'], where: ['inbox'] },
  sendDraft: { title: 'sendDraft', group: 'conversation', keys: [], fixed: ['mod+enter'], where: ['inbox'], isByFocus: true },
  cancelDraft: { title: 'cancelDraft', group: 'conversation', keys: [], fixed: ['escape'], where: ['inbox'], isByFocus: true },
  // The brackets need AltGr on Spanish and German keyboards: comma and full stop lie everywhere.
  previousSource: { title: 'previousSource', group: 'conversation', keys: ['alt+[', 'alt+,'], where: ['inbox'], inText: true },
  nextSource: { title: 'nextSource', group: 'conversation', keys: ['alt+]', 'alt+.'], where: ['inbox'], inText: true },
  attach: { title: 'attach', group: 'conversation', keys: ['mod+o'], where: ['inbox'], inText: true },
  voice: { title: 'voice', group: 'conversation', keys: ['v'], where: ['inbox'] },
  messages: { title: 'messages', group: 'conversation', keys: [], fixed: ['arrowup', 'arrowdown'], where: ['inbox'], isByFocus: true },
  pickRange: { title: 'pickRange', group: 'conversation', keys: [], fixed: ['shift+arrowup', 'shift+arrowdown'], where: ['inbox'], isByFocus: true },
  goUnread: { title: 'goUnread', group: 'conversation', keys: ['shift+u'], where: ['inbox'] },
  newest: { title: 'newest', group: 'conversation', keys: [], fixed: ['end'], where: ['inbox'], isByFocus: true },
  openMessage: { title: 'openMessage', group: 'conversation', keys: [], fixed: ['enter'], where: ['inbox'], isByFocus: true },
  react: { title: 'react', group: 'conversation', keys: ['+'], where: ['inbox'], isByFocus: true },
  find: { title: 'find', group: 'conversation', keys: ['mod+f'], where: ['inbox'], inText: true },
  take: { title: 'take', group: 'conversation', keys: ['m'], where: ['inbox'] },
  assign: { title: 'assign', group: 'conversation', keys: ['a'], where: ['inbox', 'board'] },
  labels: { title: 'labels', group: 'conversation', keys: ['l'], where: ['inbox'] },
  snooze: { title: 'snooze', group: 'conversation', keys: ['z'], where: ['inbox'] },
  resolveNext: { title: 'resolveNext', group: 'conversation', keys: ['q'], where: ['inbox'] },
  archive: { title: 'archive', group: 'conversation', keys: ['e'], where: ['inbox'] },
  close: { title: 'close', group: 'conversation', keys: ['shift+e'], where: ['inbox'] },
  linkRequest: { title: 'linkRequest', group: 'conversation', keys: ['i'], where: ['inbox', 'nudge'] },
  copyReference: { title: 'copyReference', group: 'conversation', keys: ['.'], where: ['inbox', 'requests'] },
  reviewProposal: { title: 'reviewProposal', group: 'conversation', keys: ['p'], where: ['inbox', 'proposals'] },
  panel: { title: 'panel', group: 'conversation', keys: ['d'], where: ['inbox'] },
  withoutRequest: { title: 'withoutRequest', group: 'conversation', keys: ['s'], where: ['nudge'], isByFocus: true },

  newRequest: { title: 'newRequest', group: 'requests', keys: ['n'], where: ['requests'] },
  saveRequest: { title: 'saveRequest', group: 'requests', keys: [], fixed: ['mod+enter'], where: ['requests'], isByFocus: true },

  newArticle: { title: 'newArticle', group: 'knowledge', keys: ['n'], where: ['knowledge'] },
  saveArticle: { title: 'saveArticle', group: 'knowledge', keys: [], fixed: ['mod+enter'], where: ['knowledge'], isByFocus: true },

  reviewGood: { title: 'reviewGood', group: 'quality', keys: ['1'], where: ['reviews'] },
  reviewBad: { title: 'reviewBad', group: 'quality', keys: ['2'], where: ['reviews'] },
  reviewSkip: { title: 'reviewSkip', group: 'quality', keys: ['n'], where: ['reviews'] },
  reviewOpen: { title: 'reviewOpen', group: 'quality', keys: ['c'], where: ['reviews'] },

  conflictAgain: { title: 'conflictAgain', group: 'notices', keys: [], fixed: ['enter'], where: ['notices'], isByFocus: true },
  conflictDismiss: { title: 'conflictDismiss', group: 'notices', keys: [], fixed: ['delete', 'backspace'], where: ['notices'], isByFocus: true },
  conflictOpen: { title: 'conflictOpen', group: 'notices', keys: ['o'], where: ['notices'], isByFocus: true },

  goMine: { title: 'goMine', group: 'places', keys: ['g m'], where: ['window'] },
  goTeams: { title: 'goTeams', group: 'places', keys: ['g t'], where: ['window'] },
  goUnassigned: { title: 'goUnassigned', group: 'places', keys: ['g u'], where: ['window'] },
  goAll: { title: 'goAll', group: 'places', keys: ['g a'], where: ['window'] },
  goArchived: { title: 'goArchived', group: 'places', keys: ['g e'], where: ['window'] },
  goClosed: { title: 'goClosed', group: 'places', keys: ['g l'], where: ['window'] },
  goSnoozed: { title: 'goSnoozed', group: 'places', keys: ['g z'], where: ['window'] },
  goDrafts: { title: 'goDrafts', group: 'places', keys: ['g w'], where: ['window'] },
  goRequests: { title: 'goRequests', group: 'places', keys: ['g r'], where: ['window'] },
  goProposals: { title: 'goProposals', group: 'places', keys: ['g p'], where: ['window'] },
  goContacts: { title: 'goContacts', group: 'places', keys: ['g c'], where: ['window'] },
  goBoard: { title: 'goBoard', group: 'places', keys: ['g b'], where: ['window'] },
  goTemplates: { title: 'goTemplates', group: 'places', keys: ['g x'], where: ['window'] },
  goKnowledge: { title: 'goKnowledge', group: 'places', keys: ['g k'], where: ['window'] },
  goReports: { title: 'goReports', group: 'places', keys: ['g i'], where: ['window'] },
  goQuality: { title: 'goQuality', group: 'places', keys: ['g q'], where: ['window'] },
  goTeam: { title: 'goTeam', group: 'places', keys: ['g h'], where: ['window'] },
  goDiagnostics: { title: 'goDiagnostics', group: 'places', keys: ['g d'], where: ['window'] },
  goSettings: { title: 'goSettings', group: 'places', keys: ['g s', 'mod+,'], where: ['window'] },

  palette: { title: 'palette', group: 'general', keys: ['mod+k'], where: ['window'], inText: true, isByFocus: true },
  undo: { title: 'undo', group: 'general', keys: ['mod+z'], where: ['inbox'] },
  back: { title: 'escape', group: 'general', keys: [], fixed: ['escape'], where: ['window'], isByFocus: true },
  notices: { title: 'notices', group: 'general', keys: ['f8'], where: ['window'], inText: true },
  chartTable: { title: 'chartTable', group: 'general', keys: ['d'], where: ['charts'], isByFocus: true },
  lockNow: { title: 'lockNow', group: 'general', keys: ['mod+shift+l'], where: ['window'], inText: true },
  sheet: { title: 'sheet', group: 'general', keys: ['?'], where: ['window'] },
} as const satisfies Readonly<Record<string, Spec>>;

export type CommandId = keyof typeof specs;
type Title = (typeof specs)[CommandId]['title'];
export type Command = Omit<Spec, 'title'> & { id: CommandId; title: `shortcuts.${Title}` };

export const COMMANDS: readonly Command[] = (Object.entries(specs) as [CommandId, Spec & { title: Title }][]).map(([id, spec]) => ({ ...spec, id, title: `shortcuts.${spec.title}` }));

const BY_ID = new Map(COMMANDS.map((command) => [command.id, command]));
export const commandOf = (id: CommandId): Command => BY_ID.get(id)!;
export const isCommandId = (text: string): text is CommandId => BY_ID.has(text as CommandId);

/** Shown in this order. */
export const GROUPS: readonly CommandGroup[] = ['list', 'conversation', 'places', 'requests', 'knowledge', 'quality', 'notices', 'general'];

/** Of one stroke, or two. Those with `keys` can be given others. */
export const isRemappable = ({ keys }: Command): boolean => keys.length > 0;
