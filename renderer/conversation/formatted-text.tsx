import { Fragment, memo, useMemo } from 'react';
import { isEmojiOnly, parseMarkup, type MarkupNode } from './markup.ts';
import styles from './formatted-text.module.css';

/** A message's text with its markup as elements; never as HTML. */
export const FormattedText = memo(function FormattedText({ text }: { text: string }) {
  const nodes = useMemo(() => parseMarkup(text), [text]);
  return (
    <span className={styles['text']} dir="auto" {...(isEmojiOnly(text) ? { 'data-emoji': '' } : {})}>
      <Nodes nodes={nodes} />
    </span>
  );
});

// The nodes of one text never change places, so their index is a good key.
const Nodes = ({ nodes }: { nodes: readonly MarkupNode[] }) => nodes.map((node, index) => <Fragment key={index}>{renderNode(node)}</Fragment>);

function renderNode(node: MarkupNode) {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'bold':
      return (
        <strong>
          <Nodes nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} />
        </s>
      );
    case 'code':
      return <code className={styles['code']}>{node.text}</code>;
    case 'block':
      return <code className={styles['block']}>{node.text}</code>;
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {node.text}
        </a>
      );
  }
}
