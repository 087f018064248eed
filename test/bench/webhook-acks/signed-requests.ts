/**
 * Whole HTTP requests with a signed webhook of one text message. Every body is unique, because its message id is, and
 * of the second in which it is made. All of a maker are equally long, so only id, time and signature are written anew.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';

export const BODY_BYTES = 1_400;

const ID_DIGITS = 12;
const ANY_SECOND = '1764000000';
const TEXT = 'Buenas tardes, disculpe la molestia, ¿me podría confirmar a qué hora llega el técnico? Es para avisar en garita. ';

/** @param tag makes ids of this maker different from those of another; always the same length. @param bytes of each body. @returns a function that makes the next request. */
export function createSignedRequests(host: string, appSecret: string, tag: string, bytes = BODY_BYTES): () => Buffer {
  const key = createSecretKey(appSecret, 'utf8');
  const id = `wamid.${tag}${'0'.repeat(ID_DIGITS)}`;
  const body = makeBody(id, bytes);
  const head = Buffer.from(
    `POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: ${host}\r\nuser-agent: facebookexternalua\r\naccept: */*\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nx-hub-signature-256: sha256=${'0'.repeat(64)}\r\n\r\n`,
  );
  const signatureAt = head.indexOf('sha256=') + 'sha256='.length;
  const idAt = head.length + body.indexOf(id) + id.length - ID_DIGITS;
  const secondAt = head.length + body.indexOf(ANY_SECOND);
  const template = Buffer.concat([head, body]);
  let made = 0;
  return () => {
    const request = Buffer.from(template);
    request.write(String(++made).padStart(ID_DIGITS, '0'), idAt, 'latin1');
    request.write(String(Math.floor(Date.now() / 1000)), secondAt, 'latin1');
    request.write(createHmac('sha256', key).update(request.subarray(head.length)).digest('hex'), signatureAt, 'latin1');
    return request;
  };
}

function makeBody(id: string, bytes: number): Buffer {
  const write = (text: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [
          {
            id: '102290129340398',
            changes: [
              {
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: '50222334455', phone_number_id: '106540352242922' },
                  contacts: [{ profile: { name: 'Marta Xicará' }, wa_id: '50255551234' }],
                  messages: [{ from: '50255551234', id, timestamp: ANY_SECOND, text: { body: text }, type: 'text' }],
                },
                field: 'messages',
              },
            ],
          },
        ],
      }),
    );
  let text = '';
  while (write(text + TEXT).length <= bytes) text += TEXT;
  return write(text + 'x'.repeat(bytes - write(text).length));
}
