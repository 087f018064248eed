import type { MessageContent } from '../../../contract/whatsapp/message-content.ts';

type Items = Extract<MessageContent, { kind: 'order' }>['items'];

/** What an order costs, in units of its currency; null where a price or a quantity is missing, or currencies differ. */
export function orderTotal(items: Items): { amount: number; currency: string | null } | null {
  const [first] = items;
  if (!first) return null;
  let amount = 0;
  for (const { quantity, price, currency } of items) {
    if (quantity === null || price === null || currency !== first.currency) return null;
    amount += quantity * price;
  }
  return { amount, currency: first.currency };
}
