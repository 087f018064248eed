/** What counts until an agent chooses otherwise; also what the window shows until the engine has answered. */
import type { Preferences } from './entities.ts';

export const DEFAULT_PREFERENCES: Preferences = {
  language: 'system',
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  sendKey: 'enter',
  readReceipts: 'on_reply',
  showsTyping: true,
  checksSpelling: true,
  fetchesMedia: 'all',
  isSidePanelOpen: true,
  showsEvents: true,
  keymap: {},
  notifications: { isOn: true, hasSound: true, quietUntil: null },
  setup: { isDismissed: false, hasTriedKeys: false, skipped: [] },
};
