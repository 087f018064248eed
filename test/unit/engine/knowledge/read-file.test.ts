/** Files as people drop them: what is read from each kind, what nobody sees stays out, and each trouble has its name. */
import { expect, test } from 'vitest';
import { KB_MAX } from '../../../../contract/limits.ts';
import { readFile } from '../../../../main/engine/ai/knowledge/reading/read-file.ts';
import { makeDocx, makePackedZeros, makePdf, makeZip } from '../../../support/sample-documents.ts';

const textOf = async (filename: string, bytes: Buffer | string): Promise<string> => {
  const reading = await readFile(filename, Buffer.from(bytes as string));
  if (reading.status === 'failed') throw new Error(reading.problem);
  return reading.text;
};
const problemOf = async (filename: string, bytes: Buffer | string): Promise<string> => {
  const reading = await readFile(filename, Buffer.from(bytes as string));
  return reading.status === 'failed' ? reading.problem : `read: ${reading.text.slice(0, 80)}`;
};

test('a page keeps headings, lists, tables and questions with answers', async () => {
  const text = await textOf(
    'precios.html',
    `<html><head><title>Precios 2026</title></head><body><h1>Precios</h1><p>Con <b>IVA</b>.</p><h2>Cisternas</h2>
     <ul><li>Lavado</li><li>Desinfección</li></ul><table><tr><th>Medida</th><th>Precio</th></tr><tr><td>10 m³</td><td>Q650 | neto</td></tr></table>
     <dl><dt>¿Hay garantía?</dt><dd>Sí, tres meses.</dd></dl><details><summary>¿Y transporte?</summary><p>Incluido.</p></details></body></html>`,
  );
  expect(text).toBe(
    '# Precios\n\nCon IVA.\n\n## Cisternas\n\n- Lavado\n- Desinfección\n\n| Medida | Precio |\n| --- | --- |\n| 10 m³ | Q650 / neto |\n\nP: ¿Hay garantía?\nR: Sí, tres meses.\n\nP: ¿Y transporte?\nIncluido.',
  );
});

test('nothing of a page gets in that its reader does not see', async () => {
  const hidden = [
    '<script>SECRETO</script>',
    '<style>SECRETO</style>',
    '<!-- SECRETO -->',
    '<p hidden>SECRETO</p>',
    '<div style="display : none"><p>SECRETO</p></div>',
    '<span style="color:red;visibility:hidden">SECRETO</span>',
    '<span style="font-size:0">SECRETO</span>',
    '<p style="opacity:0">SECRETO</p>',
    '<p style="position:absolute;left:-9999px">SECRETO</p>',
    '<p aria-hidden="true">SECRETO</p>',
    '<template>SECRETO</template>',
    '<noscript>SECRETO</noscript>',
    '<iframe srcdoc="SECRETO">SECRETO</iframe>',
    '<svg><text>SECRETO</text></svg>',
    '<input type="hidden" value="SECRETO">',
    '<img alt="SECRETO">',
    '<object>SECRETO</object>',
  ];
  for (const piece of hidden) expect(await textOf('a.html', `<p>antes</p>${piece}<p>después</p>`), piece).toBe('antes\n\ndespués');
  // What follows something that was never closed is shown by no browser either.
  expect(await textOf('a.html', '<p>antes</p><script>SECRETO')).toBe('antes');
  expect(await textOf('a.md', 'antes<!-- SECRETO -->\u200b\u202e\u{e0041} después')).toBe('antes después');
});

test('letters are read in the ways in which old and new programs write them', async () => {
  const words = 'Atención: ¿cuánto cuesta la señalización?';
  expect(await textOf('a.txt', Buffer.from(words, 'utf8'))).toBe(words);
  expect(await textOf('a.txt', Buffer.from(`\ufeff${words}`, 'utf8'))).toBe(words);
  expect(await textOf('a.txt', Buffer.from(words, 'latin1'))).toBe(words);
  expect(await textOf('a.txt', Buffer.from(`\ufeff${words}`, 'utf16le'))).toBe(words);
  expect(await textOf('a.txt', Buffer.from(`\ufeff${words}`, 'utf16le').swap16())).toBe(words);
  expect(await textOf('a.txt', 'uno\r\ndos\rtres')).toBe('uno\ndos\ntres');
});

test('a table of questions becomes questions with answers, any other a table', async () => {
  expect(await textOf('faq.csv', 'Pregunta;Respuesta;Tema\n"¿Abren\nhoy?";Sí;Horario\n;sin pregunta;\n')).toBe('P: ¿Abren hoy?\nR: Sí\nTema: Horario');
  expect(await textOf('precios.csv', 'servicio,precio\nfosa,Q1450\ntrampa,"Q425, neto"\n')).toBe('| servicio | precio |\n| --- | --- |\n| fosa | Q1450 |\n| trampa | Q425, neto |');
});

test('a Word document keeps its headings and tables', async () => {
  const paragraph = (text: string, style = ''): string => `<w:p>${style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`;
  const cell = (text: string): string => `<w:tc>${paragraph(text)}</w:tc>`;
  const reading = await readFile(
    'manual.docx',
    makeDocx(`${paragraph('Manual', 'Heading1')}${paragraph('Uno dos.')}<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('1')}${cell('2')}</w:tr></w:tbl>`),
  );
  expect(reading).toEqual({ status: 'ok', kind: 'docx', title: 'Manual', text: '# Manual\n\nUno dos.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |' });
});

test('a PDF keeps its large lines as headings, its paragraphs together, and columns as a table', async () => {
  const line = (size: number, x: number, y: number, text: string): string => `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET\n`;
  const text = await textOf(
    'precios.pdf',
    makePdf(
      line(20, 50, 780, 'Lista de precios') +
        line(11, 50, 740, 'Todos los precios incluyen el impuesto y se en-') +
        line(11, 50, 727, 'tregan por escrito.') +
        line(11, 50, 690, 'Servicio') +
        line(11, 300, 690, 'Precio') +
        line(11, 50, 677, 'Fosa') +
        line(11, 300, 677, 'Q1,450'),
    ),
  );
  expect(text).toBe('# Lista de precios\n\nTodos los precios incluyen el impuesto y se entregan por escrito.\n\n| Servicio | Precio |\n| --- | --- |\n| Fosa | Q1,450 |');
});

test('each trouble has its name', async () => {
  expect(await problemOf('a.txt', '')).toBe('empty');
  expect(await problemOf('a.html', '<p hidden>nada</p>')).toBe('empty');
  expect(await problemOf('a.xlsx', 'PK')).toBe('unknown_type');
  expect(await problemOf('sin-nombre', 'hola')).toBe('unknown_type');
  expect(await problemOf('a.txt', Buffer.from([1, 0, 0, 2]))).toBe('unknown_type');
  for (const [name, bytes] of [
    ['a.pdf', 'no es un pdf'],
    ['a.PDF', 'PK\u0003\u0004'],
    ['a.docx', '<html></html>'],
  ] as const)
    expect(await problemOf(name, bytes), name).toBe('damaged');
  expect(await problemOf('a.pdf', '%PDF-1.4 y nada más')).toBe('damaged');
  expect(await problemOf('a.docx', makeZip([{ name: 'otra.xml', data: Buffer.from('<a/>') }]))).toBe('damaged');
  expect(await problemOf('a.docx', makeDocx('<w:p/>').subarray(0, 300))).toBe('damaged');
  expect(await problemOf('a.txt', Buffer.alloc(KB_MAX.fileBytes + 1, 'a'))).toBe('too_large');
  expect(await problemOf('a.txt', 'hola '.repeat((KB_MAX.partText * KB_MAX.parts) / 4))).toBe('too_much_text');
  const key = `<${'00'.repeat(32)}>`;
  expect(await problemOf('a.pdf', makePdf('', { trailer: `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >> /ID [<00> <00>]` }))).toBe('encrypted');
});

test('a small file that unpacks to an enormous one is refused before it is unpacked', async () => {
  const zeros = Buffer.alloc(110 * 1024 * 1024, 'a');
  expect(await problemOf('bomba.docx', makeDocx('<w:p/>', [{ name: 'word/media/a.png', data: zeros }]))).toBe('too_much_text');
  expect(await problemOf('bomba.docx', makeDocx(`<w:p><w:r><w:t>${'a'.repeat(25 * 1024 * 1024)}</w:t></w:r></w:p>`))).toBe('too_much_text');
  expect(await problemOf('bomba.pdf', makePdf(makePackedZeros(170 * 1024 * 1024), { filter: '/Filter /FlateDecode' }))).toBe('too_much_text');
});
