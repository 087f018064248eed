/** The OpenAPI document of the local REST API: what the contract says, and what holds for every call beside it. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { OpenAPI } from '@orpc/contract';
import { restContract } from '../../../contract/api.ts';
import { activitySchema, agentSchema, contactSchema, conversationSummarySchema, labelSchema, messageSchema, serviceWindowSchema } from '../../../contract/entities.ts';
import { messageContentSchema } from '../../../contract/whatsapp/message-content.ts';
import { requestEventSchema, serviceRequestSchema, templateListSchema, templateViewSchema } from '../../../contract/work-entities.ts';
import type { Rate } from './rate-limit.ts';
import { REST_ERROR_SCHEMA } from './rest-errors.ts';

export type ApiDocument = OpenAPI.Document;
export type ApiOperation = OpenAPI.OperationObject;

const DESCRIPTION = `The team's WhatsApp inbox, for programs on this computer. Everything happens as the agent of this desktop, with their rights, by the same rules as in the window, online or not.

Times are milliseconds since the epoch, days are \`YYYY-MM-DD\`. What was only just recorded here, and not yet confirmed by the team's log, has \`isPending\`.

It listens on the loopback interface only and answers no web page (a request with an \`Origin\` header, or with another \`Host\` than this computer's, is refused). Bodies are \`application/json\`, at most 64 KB.

Refusals have the shape of Meta's Graph API. Decide by \`error.code\`, a closed list; \`error.error_subcode\` is the number that Meta uses for the nearest thing, \`error.error_data.details\` says what exactly is wrong and \`error.error_data.field\` where. Fields may be added to any answer.`;

const shared = {
  Agent: agentSchema,
  Contact: contactSchema,
  Label: labelSchema,
  ServiceWindow: serviceWindowSchema,
  MessageContent: messageContentSchema,
  Message: messageSchema,
  Activity: activitySchema,
  ConversationSummary: conversationSummarySchema,
  Template: templateViewSchema,
  TemplateList: templateListSchema,
  RequestEvent: requestEventSchema,
  ServiceRequest: serviceRequestSchema,
};

/** Every status that any call can have beside its own, with when. */
const COMMON_RESPONSES: Record<string, string> = {
  '400': 'The request is wrong: `error.error_data` says where',
  '401': 'The token is missing or wrong',
  '403': 'Not allowed for the role of this desktop’s agent, or from this address',
  '404': 'There is nothing with this id, or no such address',
  '409': 'As things stand this cannot be done: `error.code` says why',
  '413': 'The body is larger than 64 KB',
  '415': 'The body is not `application/json`',
  '422': 'The Idempotency-Key came with another request before',
  '429': 'Too many calls: wait as long as `Retry-After` says (seconds)',
  '500': 'Something failed inside the program',
  '503': 'The relay is needed and cannot be reached',
  '507': 'The disk of this computer is full',
};

export async function describeApi({ version, url, rate }: { version: string; url: string; rate: Rate }): Promise<ApiDocument> {
  const document = await new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(restContract, {
    info: {
      title: 'Bandeja local API',
      version,
      description: `${DESCRIPTION}\n\nA token may make ${rate.burst} calls at once and ${rate.perSecond} a second from then on; beyond that comes 429 with \`Retry-After\`.`,
    },
    servers: [{ url }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'In the settings of Bandeja: for other programs.' } } },
    commonSchemas: Object.fromEntries(Object.entries(shared).map(([name, schema]) => [name, { schema, strategy: 'output' as const }])),
    customErrorResponseBodySchema: { $ref: '#/components/schemas/Error' },
  });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Error: REST_ERROR_SCHEMA as unknown as OpenAPI.SchemaObject } };
  for (const item of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item ?? {}) as [string, ApiOperation][]) completeOperation(method, operation);
  }
  return document;
}

/** Bodies that show each call at work. */
export const EXAMPLES: Record<string, unknown> = {
  replyWithText: { text: 'Sí, a las 10' },
  sendDirectMessage: { phone: '+502 5555 1234', name: 'María Xicay', content: { type: 'text', text: 'Buenos días' } },
  sendTemplate: {
    phone: '+502 5555 9876',
    template: { name: 'solicitud_aprobada_operaciones', language: 'es', body: ['Servicios del Lago', 'SOL-1042', '4 de diciembre de 2026'] },
    externalId: 'SOL-1042',
  },
  assignConversation: { agentId: null, note: 'Pide factura' },
  linkConversation: { externalId: 'SOL-1042', role: 'customer' },
  markConversationRead: {},
  setConversationStatus: { status: 'archived' },
  putServiceRequest: {
    serviceType: 'Limpieza de fosa séptica',
    customer: { phone: '+502 5555 1234', name: 'María Xicay' },
    contactEmail: 'maria@example.com',
    address: '12 calle 3-45, zona 10',
    requestedDate: '2026-12-04',
    vendor: { phone: '+502 5555 9876', name: 'Servicios del Lago' },
  },
};

function completeOperation(method: string, operation: ApiOperation): void {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  const example = EXAMPLES[operation.operationId ?? ''];
  const body = (operation.requestBody as OpenAPI.RequestBodyObject | undefined)?.content['application/json'];
  if (body && example !== undefined) body.example = example;
  const hasBody = operation.requestBody !== undefined;
  const own = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'));
  const wanted = Object.entries(COMMON_RESPONSES).filter(([status]) => (hasBody || (status !== '413' && status !== '415')) && (method === 'put' || status !== '422'));
  const errors = wanted.map(([status, description]) => [
    status,
    { description, content, ...(status === '429' && { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 1 } } } }) },
  ]);
  operation.responses = Object.fromEntries([...own.map(([status, response]) => [status, { ...response, description: 'Done' }]), ...errors]) as NonNullable<ApiOperation['responses']>;
  if (method === 'put') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}

const IDEMPOTENCY_KEY: OpenAPI.ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Chosen by the caller, one for each request that is meant once. Within 24 h the same key with the same body gives the first answer and does nothing again; with another body it is refused (422).',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};
