import { ShoppingBag } from 'lucide-react';
import { useTexts } from '../../i18n/use-texts.tsx';
import { FormattedText } from '../formatted-text.tsx';
import type { ContentOf } from './message-content.tsx';
import { orderTotal } from './order-total.ts';
import styles from './order-content.module.css';

export function OrderContent({ content: { items, text } }: { content: ContentOf<'order'> }) {
  const { t, format } = useTexts();
  const total = orderTotal(items);
  return (
    <div className={styles['order']}>
      <p className={styles['label']}>
        <ShoppingBag size={13} aria-hidden="true" />
        {t('content.order')} · {t('message.orderItems', { count: items.length })}
      </p>
      {items.length === 0 ? (
        <p className={styles['none']}>{t('message.orderEmpty')}</p>
      ) : (
        <table className={styles['items']}>
          <thead>
            <tr>
              <th scope="col">{t('message.orderProduct')}</th>
              <th scope="col">{t('message.orderQuantity')}</th>
              <th scope="col">{t('message.orderPrice')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ productId, quantity, price, currency }, index) => (
              <tr key={index}>
                <td>
                  <bdi>{productId}</bdi>
                </td>
                <td>{quantity === null ? '–' : format.decimal(quantity, 3)}</td>
                <td>{price === null ? '–' : format.money(price, currency)}</td>
              </tr>
            ))}
          </tbody>
          {total && (
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  {t('message.orderTotal')}
                </th>
                <td>{format.money(total.amount, total.currency)}</td>
              </tr>
            </tfoot>
          )}
        </table>
      )}
      {text !== null && text !== '' && <FormattedText text={text} />}
    </div>
  );
}
