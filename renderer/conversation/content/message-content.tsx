/** What a message holds, each kind by a component of its own. */
import { assertNever } from '../../../contract/app-error.ts';
import type { Message } from '../../../contract/entities.ts';
import { FormattedText } from '../formatted-text.tsx';
import { AudioContent } from './audio-content.tsx';
import { ChoiceContent } from './choice-content.tsx';
import { ContactsContent } from './contacts-content.tsx';
import { DocumentContent } from './document-content.tsx';
import { FlowReplyContent } from './flow-reply-content.tsx';
import { InteractiveContent } from './interactive-content.tsx';
import { LocationContent } from './location-content.tsx';
import { OrderContent } from './order-content.tsx';
import { OtherContent } from './other-content.tsx';
import { PictureContent } from './picture-content.tsx';
import { RevokedContent } from './revoked-content.tsx';
import { StickerContent } from './sticker-content.tsx';
import { TemplateContentView } from './template-content.tsx';

/** `who`: its author, in words. */
export function MessageContentView({ message, who }: { message: Message; who: string }) {
  const { content } = message;
  switch (content.kind) {
    case 'text':
      return <FormattedText text={content.text} />;
    case 'image':
    case 'video':
      return <PictureContent message={message} content={content} who={who} />;
    case 'audio':
      return <AudioContent message={message} content={content} who={who} />;
    case 'sticker':
      return <StickerContent message={message} content={content} />;
    case 'document':
      return <DocumentContent message={message} content={content} />;
    case 'location':
      return <LocationContent content={content} />;
    case 'contacts':
      return <ContactsContent content={content} />;
    case 'interactive':
      return <InteractiveContent interactive={content.interactive} />;
    case 'template':
      return <TemplateContentView message={message} content={content} who={who} />;
    case 'choice':
      return <ChoiceContent content={content} />;
    case 'flow_reply':
      return <FlowReplyContent content={content} />;
    case 'order':
      return <OrderContent content={content} />;
    case 'revoke':
      return <RevokedContent message={message} who={who} />;
    // Of a message that is not known here: what it says now.
    case 'edit':
      return <MessageContentView message={{ ...message, content: content.content }} who={who} />;
    case 'other':
      return <OtherContent message={message} content={content} />;
    // A line across the thread (`system-line.tsx`).
    case 'system':
    case 'reaction':
      return null;
    default:
      return assertNever(content);
  }
}

export type ContentOf<K extends Message['content']['kind']> = Extract<Message['content'], { kind: K }>;
