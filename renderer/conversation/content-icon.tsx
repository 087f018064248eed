import {
  ClipboardList,
  Contact,
  FileText,
  Headphones,
  Image,
  Info,
  LayoutList,
  LayoutTemplate,
  Link,
  ListChecks,
  MapPin,
  MapPinned,
  MessageSquareMore,
  MessageSquareReply,
  Mic,
  Pencil,
  ShoppingBag,
  Smile,
  Sticker,
  Trash2,
  Video,
  type LucideIcon,
} from 'lucide-react';
import { createElement } from 'react';
import type { MessageContent } from '../../contract/whatsapp/message-content.ts';

const ICONS: Record<Exclude<MessageContent['kind'], 'text' | 'interactive' | 'audio' | 'other'>, LucideIcon> = {
  image: Image,
  video: Video,
  sticker: Sticker,
  document: FileText,
  location: MapPin,
  contacts: Contact,
  template: LayoutTemplate,
  choice: MessageSquareReply,
  flow_reply: ClipboardList,
  order: ShoppingBag,
  system: Info,
  reaction: Smile,
  edit: Pencil,
  revoke: Trash2,
};
const SENT_ICONS = { button: MessageSquareMore, list: LayoutList, cta_url: Link, location_request_message: MapPinned } as const;
/** What a placeholder stands for, by Meta's word; the rest has one for all. */
const OTHER_ICONS: Readonly<Record<string, LucideIcon>> = { ...ICONS, audio: Headphones, voice: Mic, button: MessageSquareReply, interactive: ListChecks };

function findIcon(content: MessageContent): LucideIcon | null {
  if (content.kind === 'text') return null;
  if (content.kind === 'audio') return content.isVoice ? Mic : Headphones;
  if (content.kind === 'interactive') return SENT_ICONS[content.interactive.type];
  if (content.kind === 'other') return (Object.hasOwn(OTHER_ICONS, content.type) && OTHER_ICONS[content.type]) || Info;
  return ICONS[content.kind];
}

/** The mark of a kind; a text has none. `label`: what it says where no words do. */
export function ContentIcon({ content, size, strokeWidth = 2, label = null }: { content: MessageContent; size: number; strokeWidth?: number; label?: string | null }) {
  const icon = findIcon(content);
  return icon && createElement(icon, { size, strokeWidth, ...(label === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }) });
}
