// What is wrong with a SARIF report: the errors that the validator found, and what code scanning needs that it lets pass.
// node reports.mjs FOUND REPORT
import { readFileSync } from "node:fs";

const [found, report] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const wrong = found.runs[0].results?.filter((r) => (r.level ?? "warning") === "error").map((r) => r.ruleId) ?? [];
let results = 0;
for (const run of report.runs) {
    for (const rule of run.tool.driver.rules ?? []) {
        const severity = rule.properties?.["security-severity"];
        const number = Number(severity);
        if (severity !== undefined && !(typeof severity === "string" && number > 0 && number <= 10)) {
            wrong.push(`security-severity ${severity} of ${rule.id}`);
        }
    }
    for (const result of run.results ?? []) {
        results += 1;
        if (!result.partialFingerprints?.primaryLocationLineHash) wrong.push(`no fingerprint of ${result.ruleId}`);
        const region = result.locations?.[0]?.physicalLocation?.region ?? {};
        for (const key of ["startLine", "startColumn", "endLine", "endColumn"]) {
            if (!(key in region)) wrong.push(`no ${key} of ${result.ruleId}`);
        }
    }
}
for (const line of wrong) console.error(line);
process.exit(wrong.length === 0 ? 0 : 1);
