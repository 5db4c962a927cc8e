// Drives a browser for the dashboard's tests: reads a step a line from standard input, {"do": name, …}, and answers each with a line, {"ok": true, …} or {"ok": false, "error": …}.
// node drive.mjs FOLDER-OF-PACKAGES BROWSER
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [folder, executablePath] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const patience = 30000;

const browser = await chromium.launch({ executablePath, args: ["--disable-background-networking", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])] });
let context;
let page;
let errors = [];

const steps = {
  // A fresh browser profile: nobody's token is in it.
  async open({ url, width = 1360, height = 900, dark = false }) {
    await context?.close();
    errors = [];
    context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
    page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.on("console", message => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
    page.on("pageerror", error => errors.push(error.message));
    page.on("dialog", dialog => {
      errors.push(`a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    const began = Date.now();
    await page.goto(url);
    await page.locator("article.node").first().waitFor();
    await page.evaluate(() => { window.loadedOnce = true; });
    return { milliseconds: Date.now() - began };
  },
  async go({ view }) {
    await page.evaluate(hash => { location.hash = hash; }, `#/${view}`);
    await page.locator("main h1").first().waitFor({ state: "attached" });
  },
  // The moment at which the page shows a node in one of some states.
  async node({ name, states }) {
    await page.waitForFunction(([name, states]) => {
      const card = document.querySelector(`article.node[data-node="${name}"]`);
      return card && states.includes(card.dataset.state);
    }, [name, states], { polling: 20 });
    return { at: Date.now() };
  },
  async text({ selector = "main" }) {
    return { text: await page.locator(selector).first().innerText() };
  },
  async wait({ text, selector = "body" }) {
    await page.locator(selector, { hasText: text }).first().waitFor();
    return { at: Date.now() };
  },
  async click({ role, name, within = "body" }) {
    await page.locator(within).getByRole(role, { name, exact: true }).first().click();
  },
  async fill({ label, text, within = "body" }) {
    await page.locator(within).getByLabel(label).fill(text);
  },
  async press({ key }) {
    await page.keyboard.press(key);
    return { focus: await page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id || document.activeElement?.tagName) };
  },
  async storage() {
    return { texts: await page.evaluate(() => [location.href, document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)]) };
  },
  // Whether it is still the page that was opened, and what its console said since that was last asked.
  async state() {
    const said = errors;
    errors = [];
    return { loadedOnce: await page.evaluate(() => window.loadedOnce === true), errors: said, images: await page.locator("img").count() };
  },
  async axe() {
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => window.axe.run());
    return { passes: passes.length, violations: violations.map(one => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map(node => `${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`).join("; ")}`) };
  },
  async overflow() {
    return { pixels: await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)) };
  },
  async shot({ path, full = true }) {
    await page.screenshot({ path, fullPage: full });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const step = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, ...await steps[step.do](step) };
  } catch (error) {
    answer = { ok: false, error: error.message };
  }

  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

await browser.close();
