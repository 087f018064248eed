/**
 * The Graph API as the Cloud API uses it: messages, phone number, app subscription, media; under any version prefix
 * (`/v26.0/…`) or none. Every call is journaled before anything else happens to it.
 */
import { createHash } from 'node:crypto';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { errorText } from '../../../contract/log.ts';
import { checkSendMessage } from '../../../contract/whatsapp/send-message.ts';
import { checkUpload } from './check-upload.ts';
import { createAccountApi, createAppApi } from './account-api.ts';
import type { FaultBox } from './faults.ts';
import { noSuchObject, toGraphAnswer, type GraphError } from './graph-errors.ts';
import type { Journal, JournalCall } from './journal.ts';
import { MEDIA_PATH, type MediaStore } from './media-store.ts';
import { readMultipart } from './multipart.ts';
import { createPairLimit } from './pair-limit.ts';
import { createNumericId, type Random } from './random.ts';
import { judgeTemplateSend } from './templates/judge-send.ts';
import type { SampleUploads } from './templates/sample-uploads.ts';
import { createTemplateApi } from './templates/template-api.ts';
import type { TemplateStore } from './templates/template-store.ts';
import type { Timers } from './timers.ts';
import type { Traffic } from './traffic.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** A status that should come before the answer is waited for this long. */
const EARLY_STATUS_WITHIN_MS = 5_000;

export type Account = { phoneNumberId: string; displayPhoneNumber: string; verifiedName: string; wabaId: string; /** Null: any token will do. */ token: string | null };
type CallResponse = Response<unknown, { call: JournalCall }>;

export function createGraphApi(deps: {
  account: Account;
  appSecret: string;
  webhookUrl: string | null;
  traffic: Traffic;
  webhooks: Pick<WebhookSender, 'subscribe' | 'isSubscribed'>;
  media: MediaStore;
  samples: SampleUploads;
  templates: TemplateStore;
  journal: Journal;
  faults: FaultBox;
  timers: Timers;
  random: Random;
  now: () => number;
}): Router {
  const { account, traffic, webhooks, media, samples, templates, faults, timers } = deps;
  const router = express.Router();
  const pairLimit = createPairLimit(deps.now);

  const refuse = (response: Response, error: GraphError): void => {
    const { status, body } = toGraphAnswer(error, createNumericId(deps.random));
    if (error.retryAfterS !== undefined) response.set('retry-after', String(error.retryAfterS));
    response.status(status).json(body);
  };
  const cut = (request: Request): void => {
    request.socket.resetAndDestroy();
  };

  router.use((request, response, next) => {
    response.set('Date', new Date(deps.now() + faults.current().clockSkewMs).toUTCString());
    request.url = request.url.replace(/^\/v\d+\.\d+(?=\/)/, '');
    next();
  });
  router.use(
    express.raw({ type: 'multipart/form-data', limit: '110mb' }),
    express.json({ type: (request) => !(request.headers['content-type'] ?? '').startsWith('multipart/') && !isSampleUpload(request.url ?? ''), limit: '5mb' }),
  );

  router.use((request, response: CallResponse, next) => {
    const body: unknown = Buffer.isBuffer(request.body) ? { bytes: request.body.length } : request.body;
    const { range } = request.headers;
    const call: JournalCall = {
      at: deps.now(),
      method: request.method,
      path: request.originalUrl.split('?')[0] ?? '',
      body: body ?? null,
      status: null,
      accepted: false,
      ...(range !== undefined && { range }),
    };
    deps.journal.add(call);
    response.locals.call = call;
    response.on('finish', () => {
      call.status = response.statusCode;
      if (call.status === 200 && call.messageId === undefined && !isSend(request)) call.accepted = true;
    });
    next();
  });

  router.use((request, response, next) => {
    const how = faults.current().refuse;
    if (how === 'reset') return cut(request);
    if (how === 'unavailable') return refuse(response, { code: 2, status: 503, isTransient: true });
    next();
  });
  const accountDeps = { ...deps, isSubscribed: webhooks.isSubscribed, subscribe: webhooks.subscribe, refuse };
  router.use(createAppApi(accountDeps));

  router.use((request, response, next) => {
    const { token: tokenFault } = faults.current();
    if (tokenFault !== null)
      return refuse(response, tokenFault === 'expired' ? { code: 190, subcode: 463, status: 401, details: 'Session has expired' } : { code: 190, status: 401, details: 'Invalid OAuth access token' });
    const token = (isSampleUpload(request.url) ? /^OAuth (.+)$/ : /^(?:Bearer|OAuth) (.+)$/).exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return refuse(response, { code: 190, status: 401, details: 'An access token is needed for this call' });
    if (account.token !== null && token !== account.token) return refuse(response, { code: 190, status: 401, details: 'The access token could not be read or has expired' });
    next();
  });

  /** A knob that keeps a send from being taken: true if it did. */
  const failSend = (request: Request, response: Response): boolean => {
    if (faults.takeDrop('dropBeforeAccept')) {
      cut(request);
      return true;
    }
    const page = faults.takeSendHttp();
    if (page) {
      response.status(page.status).type('html').send(page.body);
      return true;
    }
    const error = faults.takeSendError();
    if (error) refuse(response, error);
    return error !== null;
  };

  router.post('/:id/messages', async (request: Request<{ id: string }>, response: CallResponse) => {
    if (request.params.id !== account.phoneNumberId) return refuse(response, noSuchObject(request.params.id));
    if (isSend(request) && failSend(request, response)) return;
    const check = checkSendMessage(request.body);
    if (check.status === 'refused') return refuse(response, { code: check.code, details: check.details });
    if (check.status === 'read_mark') {
      if (!traffic.isReadable(check.mark.message_id)) return refuse(response, { code: 131009, details: 'message_id: no message that a customer wrote in the last 30 days has this id' });
      response.json({ success: true });
      return;
    }
    const { message } = check;
    const error =
      traffic.judge(message, (id) => media.find(id) !== null) ??
      (message.type === 'template' ? judgeTemplateSend(message.template, templates.findNamed(message.template.name, message.template.language.code)) : null);
    if (error) return refuse(response, error);
    if (!pairLimit.take(check.message.to ?? check.message.recipient ?? '', faults.current().pairLimit)) return refuse(response, { code: 131056 });

    const { messageId, contact, postEarly } = traffic.accept(check.message);
    Object.assign(response.locals.call, { accepted: true, messageId });
    const { sendHangMs } = faults.current();
    if (faults.takeDrop('dropAfterAccept')) return cut(request);
    if (postEarly) await Promise.race([postEarly(), new Promise<void>((resolve) => timers.after(EARLY_STATUS_WITHIN_MS, resolve))]);
    const answer = (): void => {
      if (!response.destroyed)
        response.json({ messaging_product: 'whatsapp', contacts: [contact], messages: [{ id: messageId, ...(check.message.type === 'template' ? { message_status: 'accepted' } : {}) }] });
    };
    if (sendHangMs > 0) timers.after(sendHangMs, answer);
    else answer();
  });

  router.post('/:id/media', async (request: Request<{ id: string }>, response: CallResponse) => {
    if (request.params.id !== account.phoneNumberId) return refuse(response, noSuchObject(request.params.id));
    const parts = Buffer.isBuffer(request.body) ? readMultipart(request.body, request.headers['content-type'] ?? '') : null;
    if (!parts) return refuse(response, { code: 100, details: 'the body must be multipart/form-data' });
    const bytes = Buffer.from(parts.find((part) => part.name === 'file')?.bytes ?? '');
    const { call } = response.locals;
    call.body = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    if (faults.takeDrop('dropUploadBeforeAccept')) return cut(request);
    const fault = faults.takeUploadError();
    if (fault) return refuse(response, fault);
    const check = await checkUpload(parts);
    if (check.status === 'refused') return refuse(response, check.error);
    const { id } = media.add(check.mimeType, bytes, check.kind);
    Object.assign(call, { accepted: true, body: { ...(call.body as object), id, type: check.mimeType } });
    if (faults.takeDrop('dropUploadAfterAccept')) return cut(request);
    const answer = (): void => {
      if (!response.destroyed) response.json({ id });
    };
    const { uploadHangMs } = faults.current();
    if (uploadHangMs > 0) timers.after(uploadHangMs, answer);
    else answer();
  });

  router.get(`${MEDIA_PATH}/:id`, (request, response) => {
    const found = media.open(request.params.id, Number(request.query['expires']));
    const fault = found && faults.takeMedia();
    const page = '<!DOCTYPE html><html><body>Not Found</body></html>';
    if (!found || fault?.how === 'gone') return void response.status(404).type('html').send(page);
    if (fault?.how === 'page') return void response.type('html').send(page);
    if (fault?.how === 'redirect') return response.redirect(302, fault.to ?? '/');
    const bytes = fault?.how === 'wrong' ? found.bytes.map((byte) => byte ^ 0xff) : found.bytes;
    const ranges = request.range(bytes.length);
    if (ranges === -1) return void response.status(416).set('Content-Range', `bytes */${bytes.length}`).end();
    const range = Array.isArray(ranges) && ranges.length === 1 ? ranges[0] : undefined;
    const part = range ? bytes.subarray(range.start, range.end + 1) : bytes;
    response.set({ 'Content-Type': found.mimeType, 'Accept-Ranges': 'bytes', 'Content-Length': String(part.length) });
    if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`);
    if (fault?.how !== 'cut' && fault?.how !== 'hang') return void response.end(part);
    response.flushHeaders();
    response.write(part.subarray(0, fault.afterBytes), () => {
      // Not at once: what comes together with the end of a line is often thrown away with it.
      if (fault.how === 'cut') faults.onNextSet(() => request.socket.end());
    });
  });

  router.use(samples.createApi(refuse));
  router.use(createTemplateApi({ wabaId: account.wabaId, templates, samples, refuse }));
  router.use(createAccountApi(accountDeps));

  router.get('/:id', (request, response) => {
    const { id } = request.params;
    const { phone_number_id: number } = request.query;
    if (number !== undefined && number !== account.phoneNumberId) return refuse(response, { code: 100, details: 'phone_number_id: the media does not belong to this number' });
    const found = faults.current().mediaExpired ? null : media.describe(id, faults.current().mediaHost ?? `${request.protocol}://${request.headers.host ?? '127.0.0.1'}`);
    if (found === null) return refuse(response, noSuchObject(id));
    response.json(found);
  });
  router.delete('/:id', (request, response) => {
    if (!media.remove(request.params.id)) return refuse(response, noSuchObject(request.params.id));
    response.json({ success: true });
  });

  router.use((request, response) => refuse(response, { code: 2500, status: 400, details: `Unknown path components: ${request.path}` }));
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const isUnreadable = typeof error === 'object' && error !== null && 'status' in error && Number(error.status) < 500;
    refuse(response, isUnreadable ? { code: 100, details: 'the body could not be read' } : { code: 1, status: 500, details: errorText(error) });
  });
  return router;
}

/** Bytes of a sample for a template, and the question how many have come: their token is written another way. */
const isSampleUpload = (path: string): boolean => path.startsWith('/upload:');

/** A message to somebody, not a read mark: what the send knobs are about. */
const isSend = (request: Request): boolean =>
  request.method === 'POST' && request.path.endsWith('/messages') && !(typeof request.body === 'object' && request.body !== null && 'status' in request.body);
