/**
 * The API as a page for people, made from its OpenAPI document. Invariant: it holds no script and loads nothing (its policy forbids both),
 * so it shows the same on a computer without a network, and on paper.
 */
import { createHash } from 'node:crypto';
import { PAGE_STYLE } from './api-page-style.ts';
import { PAGE_LANGUAGES, PAGE_TEXTS, type PageLanguage, type PageTexts } from './api-page-texts.ts';
import type { ApiDocument, ApiOperation } from './openapi-document.ts';
import type { Rate } from './rate-limit.ts';
import { toRestError } from './rest-errors.ts';

/** As much of JSON Schema as the document has. */
type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
};
type Parameter = { name: string; in: string; required?: boolean; schema?: Schema };
type Content = { content?: Record<string, { schema?: Schema; example?: unknown }>; description?: string; $ref?: string };

/** Deeper than this, an object stands as what it is called. */
const DEPTH_MAX = 4;

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
};

/** @param asked by `?lang=`. @param accepted the Accept-Language header. Spanish first. */
export function readPageLanguage(asked: unknown, accepted: string | undefined): PageLanguage {
  const wanted = PAGE_LANGUAGES.find((language) => language === asked);
  if (wanted) return wanted;
  const first = (accepted ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return first.find((language): language is PageLanguage => (PAGE_LANGUAGES as readonly string[]).includes(language)) ?? 'es';
}

export function writeApiPage(document: ApiDocument, rate: Rate, language: PageLanguage): string {
  const texts = PAGE_TEXTS[language];
  const base = document.servers?.[0]?.url ?? '';
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation: operation as ApiOperation, id: (operation as ApiOperation).operationId ?? '' })),
  );
  const groups = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
  const titleOf = ({ id, operation }: (typeof operations)[number]): string => texts.operations[id]?.title ?? operation.summary ?? id;
  const other = PAGE_LANGUAGES.find((code) => code !== language) ?? 'en';

  const contents = groups
    .map((group) => {
      const links = operations.filter(({ operation }) => operation.tags?.[0] === group).map((entry) => `<li><a href="#${escape(entry.id)}">${escape(titleOf(entry))}</a></li>`);
      return `<li><span>${escape(texts.groups[group] ?? group)}</span><ul>${links.join('')}</ul></li>`;
    })
    .join('');
  const sections = groups
    .map((group) => {
      const inGroup = operations.filter(({ operation }) => operation.tags?.[0] === group);
      return `<h2>${escape(texts.groups[group] ?? group)}</h2>${inGroup.map((entry) => writeOperation({ ...entry, title: titleOf(entry), text: texts.operations[entry.id]?.text ?? entry.operation.description ?? '', base }, texts)).join('')}`;
    })
    .join('');

  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(texts.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<nav aria-label="${escape(texts.title)}">
<p class="brand">${escape(texts.title)}</p>
<ul class="contents"><li><a href="#begin">${escape(texts.begin.title)}</a></li><li><a href="#rules">${escape(texts.rules.title)}</a></li><li><a href="#errors">${escape(texts.errors.title)}</a></li>${contents}<li><a href="#types">${escape(texts.types.title)}</a></li></ul>
<p class="aside"><a href="?lang=${other}" hreflang="${other}" lang="${other}">${escape(texts.words.otherLanguage)}</a> · <a href="openapi.json">${escape(texts.words.openDocument)}</a></p>
</nav>
<main>
<h1>${escape(texts.title)}</h1>
<p class="lead">${escape(texts.lead)}</p>
<p class="aside">${escape(texts.words.version)} ${escape(document.info.version)} · <code>${escape(base)}</code></p>
<section id="begin"><h2>${escape(texts.begin.title)}</h2><ol>${texts.begin.steps.map((step) => `<li>${escape(step)}</li>`).join('')}</ol>
${writeCode(`curl -H "Authorization: Bearer $API_TOKEN" \\\n  '${base}/whatsapp/conversations?status=active&limit=50'`)}
<p class="note">${escape(texts.begin.note)}</p></section>
<section id="rules"><h2>${escape(texts.rules.title)}</h2><ul>${texts.rules.items.map((item) => `<li>${escape(fill(item, rate))}</li>`).join('')}</ul></section>
<section id="errors"><h2>${escape(texts.errors.title)}</h2><p>${escape(texts.errors.text)}</p>
${writeCode(JSON.stringify(SAMPLE_ERROR, null, 2))}
<table><thead><tr><th>${escape(texts.errors.columns[0])}</th><th>${escape(texts.errors.columns[1])}</th></tr></thead><tbody>${Object.entries(texts.responses)
    .map(([status, when]) => `<tr><td><code>${status}</code></td><td>${escape(when)}</td></tr>`)
    .join('')}</tbody></table></section>
${sections}
<section id="types"><h2>${escape(texts.types.title)}</h2><p>${escape(texts.types.text)}</p>
${schemas.map(([name, schema]) => `<article class="type" id="type-${escape(name)}"><h3>${escape(name)}</h3>${writeFields(schema, texts)}</article>`).join('')}</section>
</main>
</body>
</html>
`;
}

const SAMPLE_ERROR = toRestError('INVALID_INPUT', 'limit: Too big: expected number to be <=200', '7f9c2ba4e88f827d');

type Shown = { id: string; path: string; method: string; operation: ApiOperation; title: string; text: string; base: string };

function writeOperation({ id, path, method, operation: { parameters, requestBody, responses }, title, text, base }: Shown, texts: PageTexts): string {
  const given = (parameters ?? []) as Parameter[];
  const body = (requestBody as Content | undefined)?.content?.['application/json'];
  const answers = Object.entries((responses ?? {}) as Record<string, Content>);
  const [status, answer] = answers.find(([code]) => code.startsWith('2')) ?? [];
  const others = answers.map(([code]) => code).filter((code) => !code.startsWith('2'));
  const rows = given.map(({ name, in: place, required, schema }) => {
    const where = texts.words[place as 'path' | 'query' | 'header'] ?? place;
    return writeRow(name, 0, schema ?? {}, `${where}, ${required ? texts.words.required : texts.words.optional}`, texts);
  });
  return `<article class="operation" id="${escape(id)}">
<h3>${escape(title)}</h3>
<p class="call"><b class="${method.toLowerCase()}">${method}</b> <code>/api${escape(path).replaceAll(/\{[^}]+\}/g, '<i>$&</i>')}</code></p>
<p>${escape(text)}</p>
${rows.length > 0 ? writeTable(rows, texts) : ''}
${body?.schema ? `<h4>${escape(texts.words.body)}</h4>${writeFields(body.schema, texts)}` : ''}
${body?.example === undefined ? '' : `<h4>${escape(texts.words.example)}</h4>${writeCode(writeCurl(method, `${base}${path}`, body.example))}`}
<h4>${escape(texts.words.answer)} <code>${escape(status ?? '')}</code></h4>${writeFields(answer?.content?.['application/json']?.schema ?? {}, texts)}
<p class="aside">${escape(texts.words.answers)}: ${others.map((code) => `<a href="#errors"><code>${escape(code)}</code></a>`).join(' ')}</p>
</article>`;
}

const writeCurl = (method: string, url: string, body: unknown): string =>
  `curl -X ${method} \\\n  -H "Authorization: Bearer $API_TOKEN" -H 'Content-Type: application/json' \\\n  '${url.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'externalId' ? 'SOL-1042' : 'CONVERSATION_ID'))}' \\\n  -d '${JSON.stringify(body, null, 2)}'`;

/** What a schema holds: a table of fields, or one line. */
function writeFields(schema: Schema, texts: PageTexts): string {
  const variants = (schema.anyOf ?? schema.oneOf ?? []).filter((variant) => variant.properties);
  if (variants.length > 1 && variants.length === (schema.anyOf ?? schema.oneOf)?.length)
    return `<p>${escape(texts.words.oneOf)}</p>${variants.map((variant) => writeTable(rowsOf(variant, 0, texts), texts)).join('')}`;
  if (schema.properties || schema.allOf) return writeTable(rowsOf(schema, 0, texts), texts);
  return `<p>${typeOf(schema, texts)}</p>`;
}

const writeTable = (rows: string[], texts: PageTexts): string =>
  `<table class="fields"><thead><tr><th>${escape(texts.words.name)}</th><th>${escape(texts.words.type)}</th><th>${escape(texts.words.note)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;

function rowsOf(schema: Schema, depth: number, texts: PageTexts): string[] {
  if (schema.allOf) return schema.allOf.flatMap((part) => rowsOf(part, depth, texts));
  if (schema.$ref) return [`<tr><td colspan="3">${typeOf(schema, texts)}</td></tr>`];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const row = writeRow(name, depth, field, schema.required?.includes(name) ? '' : texts.words.optional, texts);
    const inner = innerOf(field);
    return inner && depth < DEPTH_MAX ? [row, ...rowsOf(inner, depth + 1, texts)] : [row];
  });
}

/** The object inside a field, also in a list of them, or where it can be null. */
function innerOf(schema: Schema): Schema | null {
  if (schema.properties) return schema;
  if (schema.items) return innerOf(schema.items);
  const [only, other] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  return only && !other ? innerOf(only) : null;
}

const writeRow = (name: string, depth: number, schema: Schema, note: string, texts: PageTexts): string =>
  `<tr><td class="d${Math.min(depth, DEPTH_MAX)}"><code>${escape(name)}</code></td><td>${typeOf(schema, texts)}${limitsOf(schema)}</td><td>${escape(note)}${
    schema.default === undefined ? '' : `${note === '' ? '' : '; '}${escape(texts.words.default)} <code>${escape(JSON.stringify(schema.default))}</code>`
  }</td></tr>`;

function typeOf(schema: Schema, texts: PageTexts): string {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#type-${escape(name)}">${escape(name)}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, texts)))].join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, texts)).join(' + ');
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' | ');
  if (schema.items) return `${escape(texts.words.listOf)} ${typeOf(schema.items, texts)}`;
  if (typeof schema.additionalProperties === 'object') return `object: ${typeOf(schema.additionalProperties, texts)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type;
  return escape([type ?? texts.words.anyText, ...(schema.format === undefined ? [] : [`(${schema.format})`])].join(' '));
}

function limitsOf({ minLength, maxLength, minimum, maximum }: Schema): string {
  const isBig = (value: number | undefined): boolean => value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER;
  if (maxLength !== undefined) return ` <small>${minLength ?? 0}–${maxLength}</small>`;
  if (!isBig(minimum) || !isBig(maximum)) return ` <small>${isBig(minimum) ? '' : minimum}–${isBig(maximum) ? '' : maximum}</small>`;
  return '';
}

const writeCode = (text: string): string => `<pre tabindex="0"><code>${escape(text)}</code></pre>`;
const fill = (text: string, values: Record<string, number>): string => text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
