import { Fragment, memo, useMemo, type ReactNode } from 'react';
import { isEmojiOnly, parseMarkup, type MarkupNode } from './markup.ts';
import styles from './formatted-text.module.css';

const asItIs = (text: string): ReactNode => text;

/** A message's text with its markup as elements; never as HTML. `renderText`, of a preview: shows what is left between the marks (always the same function); with it links cannot be followed. */
export const FormattedText = memo(function FormattedText({ text, renderText = asItIs }: { text: string; renderText?: (text: string) => ReactNode }) {
  const nodes = useMemo(() => parseMarkup(text), [text]);
  return (
    <span className={styles['text']} dir="auto" {...(isEmojiOnly(text) ? { 'data-emoji': '' } : {})}>
      <Nodes nodes={nodes} renderText={renderText} />
    </span>
  );
});

type RenderText = (text: string) => ReactNode;

// The nodes of one text never change places, so their index is a good key.
const Nodes = ({ nodes, renderText }: { nodes: readonly MarkupNode[]; renderText: RenderText }) => nodes.map((node, index) => <Fragment key={index}>{renderNode(node, renderText)}</Fragment>);

function renderNode(node: MarkupNode, renderText: RenderText) {
  switch (node.type) {
    case 'text':
      return renderText(node.text);
    case 'bold':
      return (
        <strong>
          <Nodes nodes={node.children} renderText={renderText} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.children} renderText={renderText} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} renderText={renderText} />
        </s>
      );
    case 'code':
      return <code className={styles['code']}>{renderText(node.text)}</code>;
    case 'block':
      return <code className={styles['block']}>{renderText(node.text)}</code>;
    case 'link':
      return renderText === asItIs ? (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {node.text}
        </a>
      ) : (
        <u>{renderText(node.text)}</u>
      );
  }
}
