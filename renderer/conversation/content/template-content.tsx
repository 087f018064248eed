import type { Message } from '../../../contract/entities.ts';
import { FormattedText } from '../formatted-text.tsx';
import type { ContentOf } from './message-content.tsx';

/** A template as the person reads it. */
export function TemplateContentView({ content }: { message: Message; content: ContentOf<'template'> }) {
  return <FormattedText text={content.body} />;
}
