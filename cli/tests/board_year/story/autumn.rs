//! From the September Board to the eve of the November Board.

use super::summer::sign;
use crate::office::Office;

pub fn record(office: &mut Office) {
    september_board(office);
    open_decisions(office);
    private_item(office);
    september_minutes(office);
    what_was_forgotten(office);
    concordat_complete(office);
    erasure(office);
    delivery(office);
    audit_committee(office);
    towards_november(office);
}

fn september_board(office: &mut Office) {
    office.at("2025-09-10 17:00:00");
    office.record(
        "sam",
        "MeetingHeld --subject meeting/board-2025-09 --effective '10 September 2025' \
         --present person={cora},organisation=organisation/icb,voting=true \
         --present person={nina},organisation=organisation/mental-health-trust,voting=true \
         --present person={vera},organisation=organisation/mind,voting=true \
         --present 'post=Chief Operating Officer,organisation=organisation/hospitals,voting=true' \
         --present 'post=Director of Nursing,organisation=organisation/community-trust,voting=true' \
         --present 'post=Superintendent,organisation=organisation/police,voting=true' \
         --present 'post=Director of Adults,organisation=organisation/ashford,voting=true' \
         --in-attendance person={sam} --in-attendance person={lena} \
         --chaired-by person/{cora} --quorate true --public-present 3",
    );
    for (who, organisation) in [("nina", "mental-health-trust"), ("vera", "mind")] {
        office.record(
            "sam",
            &format!(
                "InterestDeclared --subject interest/{who}-evaluation-september \
                 --person {{{who}}} --interest 'The employer bids for the contract' \
                 --kind financial --item 5 --organisation organisation/{organisation} \
                 --handling left --meeting meeting/board-2025-09 --minute 5"
            ),
        );
    }
    office.record(
        "cora",
        "MinutesApproved --subject minutes/board-2025-07 --meeting meeting/board-2025-09 --minute 2 \
         --text '{sha256 minutes-2025-07-v2.txt}'",
    );
}

fn open_decisions(office: &mut Office) {
    // An action of the Board is not closed by the group below it, nor at a desk.
    office.refused(
        "sam",
        "action-closing-body",
        &[
            "was assigned by body/board",
            "name the meeting of body/board",
        ],
        "ActionClosed --subject action/site-lease --meeting meeting/delivery-2025-06",
    );
    let said = office.run("record ActionClosed --subject action/site-lease --key sam.pem");
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(
        said.err
            .contains("closing names the closing meeting in meeting"),
        "{}",
        said.err
    );
    office.record(
        "sam",
        "ActionClosed --subject action/site-lease --meeting meeting/board-2025-09 --minute 4 \
         --outcome 'The lease is held for Granby instead'",
    );
    // Seven voting members less two are the five that are needed.
    office.record(
        "sam",
        "DecisionMade --subject decision/evaluation-contract --title 'Evaluation contract' \
         --kind approved --body body/board --manner vote \
         --votes in_favour=5,against=0,abstained=0 --meeting meeting/board-2025-09 --minute 5",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/cafe-at-granby --title 'Crisis cafe opens at Granby' \
         --kind agreed --body body/board --manner consensus \
         --options 'title=Hadley,comment=the survey found damp' --options title=Granby,chosen=true \
         --meeting meeting/board-2025-09 --minute 6",
    );
    office.record(
        "sam",
        "DecisionSuperseded --subject decision/cafe-at-hadley --superseded-by decision/cafe-at-granby \
         --reason 'the survey found damp' --meeting meeting/board-2025-09 --minute 6",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/no-app --title 'Give up the self-referral app' \
         --kind agreed --body body/board --manner consensus \
         --meeting meeting/board-2025-09 --minute 7",
    );
    office.record(
        "sam",
        "MilestoneWithdrawn --subject milestone/app --decision decision/no-app \
         --reason 'the national app does the same' --meeting meeting/board-2025-09 --minute 7",
    );
}

fn private_item(office: &mut Office) {
    let decision = "DecisionMade --subject decision/quillfeather \
         --title 'Project Quillfeather: buy from the pooled budget' --kind approved \
         --body body/board --manner consensus --meeting meeting/board-2025-09 --minute 9 \
         --confidentiality part-2";
    // Nothing is private before the meeting has said so.
    office.refused(
        "sam",
        "private-item",
        &[
            "did not exclude the public for item 9",
            "record PublicExcluded",
        ],
        decision,
    );
    office.record(
        "cora",
        "PublicExcluded --subject meeting/board-2025-09 --items 9 \
         --resolution 'That the public be excluded for item 9' \
         --statutory-reason 'Public Bodies (Admission to Meetings) Act 1960 s1(2)'",
    );
    office.record("sam", decision);
    let action = "ActionAssigned --text 'Exchange contracts' --owner 'Director of Estates' \
         --body body/board --due '30 November 2025' --decision decision/quillfeather \
         --meeting meeting/board-2025-09 --minute 9";
    office.refused(
        "sam",
        "private-subject",
        &["tell more people", "record it as part-2"],
        &format!("{action} --subject action/exchange"),
    );
    office.record(
        "sam",
        &format!("{action} --subject action/quillfeather --confidentiality part-2"),
    );
}

fn september_minutes(office: &mut Office) {
    office.write(
        "minutes-2025-09-v1.txt",
        "Minutes of the Board, 10 September 2025, draft\n",
    );
    office.write(
        "minutes-2025-09-v2.txt",
        "Minutes of the Board, 10 September 2025, amended\n",
    );
    office.write(
        "minutes-2025-09-private.txt",
        "Project Quillfeather was approved.\n",
    );
    office.at("2025-09-17 09:30:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/board-2025-09 --minutes-of meeting/board-2025-09 \
         --document @minutes-2025-09-v1.txt --version 1",
    );
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/quillfeather --minutes-of meeting/board-2025-09 \
         --document @minutes-2025-09-private.txt --version 1 --confidentiality part-2",
    );
}

fn what_was_forgotten(office: &mut Office) {
    // Minute 8 of May was never carried into the record.
    office.at("2025-09-18 10:00:00");
    office.record(
        "sam",
        "DecisionMade --subject decision/peer-workers-bid --title 'Bid for twelve peer workers' \
         --kind approved --body body/board --manner consensus \
         --meeting meeting/board-2025-05 --minute 8 --note 'left out in May by mistake'",
    );
    office.at("2025-09-24 10:00:00");
    office.record(
        "sam",
        "MinutesAmended --subject minutes/board-2025-09 --version 2 \
         --changes 'Minute 6 names the damp' --document @minutes-2025-09-v2.txt",
    );
}

fn concordat_complete(office: &mut Office) {
    office.at("2025-09-26 10:00:00");
    for organisation in [
        "elmley",
        "fairholm",
        "recovery-college",
        "citizens-advice",
        "gp-federation",
        "university",
    ] {
        sign(office, "sign-off/concordat", organisation, "concordat.txt");
    }
}

fn erasure(office: &mut Office) {
    let report = office.erased_entry();
    let shown = office.json(&format!("show {report} --json"));
    let digest = shown["statement"]["digest"].as_str().unwrap();
    let erase = format!(
        "ContentErased --subject record/{report} --digest '{digest}' \
         --legal-basis 'UK GDPR Art 17(1)(d)' --requester {{rex}} --approver {{ada}}"
    );
    office.at("2025-09-29 10:00:00");
    office.refused(
        "rex",
        "second-person",
        &["needs the approval of another person", "ApprovalGiven"],
        &erase,
    );
    office.record(
        "ada",
        &format!("ApprovalGiven --subject record/{report} --digest '{digest}'"),
    );
    office.record(
        "rex",
        "HoldPlaced --subject hold/foi-2025-017 --title 'Request for what carers said' \
         --scope body/board --ground open-request --request 'FOI 2025-017' \
         --reason 'the request is not answered yet'",
    );
    office.refused(
        "rex",
        "hold",
        &[
            "open request for information: hold/foi-2025-017",
            "wait until",
        ],
        &erase,
    );
    office.good("export --out before-erasure --include-private");
    office.at("2025-10-13 10:00:00");
    office.record(
        "rex",
        "HoldLifted --subject hold/foi-2025-017 --reason 'the request was answered on 10 October'",
    );
    office.at("2025-10-14 10:00:00");
    office.record("rex", &erase);
}

fn delivery(office: &mut Office) {
    office.at("2025-10-14 15:00:00");
    office.record(
        "dev",
        "MilestoneBroughtForward --subject milestone/carers-offer --to 'Q3 2025/26' \
         --standing reported --reason 'Border Homes lends two rooms'",
    );
    office.record(
        "lena",
        "MilestoneReopened --subject milestone/training --due '31 January 2026' \
         --reason 'the new control room opens with new staff'",
    );
}

fn audit_committee(office: &mut Office) {
    office.at("2025-10-14 16:00:00");
    office.record(
        "sam",
        "MeetingCalled --subject meeting/audit-2025-10 --title 'Audit Committee, October 2025' \
         --body body/audit --date '15 October 2025'",
    );
    office.record(
        "sam",
        "AgendaPublished --subject meeting/audit-2025-10 --version 1 \
         --items 'number=3,title=Audit plan,purpose=decision'",
    );
    office.at("2025-10-15 12:00:00");
    // Three are there, the chair of the Board among them: without a chair of its own the committee
    // has no quorum.
    office.refused(
        "sam",
        "quorum-stated",
        &["Chair must be there"],
        "MeetingHeld --subject meeting/audit-2025-10 --effective '15 October 2025' \
         --present 'post=Finance Director,organisation=organisation/hospitals,voting=true' \
         --present 'post=Treasurer,organisation=organisation/mind,voting=true' \
         --present person={cora},organisation=organisation/icb,voting=true --quorate true",
    );
    office.record(
        "sam",
        "MeetingHeld --subject meeting/audit-2025-10 --effective '15 October 2025' \
         --present person={colin},organisation=organisation/healthwatch,voting=true \
         --present 'post=Finance Director,organisation=organisation/hospitals,voting=true' \
         --in-attendance person={tova} --chaired-by person/{colin} --quorate true",
    );
    office.record(
        "colin",
        "DecisionMade --subject decision/audit-plan --title 'Audit plan 2025/26' --kind approved \
         --body body/audit --manner consensus --meeting meeting/audit-2025-10 --minute 3",
    );
    office.record(
        "tova",
        "AssuranceRecorded --subject assurance/action-log --title 'How actions are closed' \
         --of strategy/better-together --line third --given-by 'Internal audit' \
         --level reasonable --gaps 'One action in ten has no date'",
    );
    office.at("2025-10-20 10:00:00");
    sign(office, "sign-off/concordat", "granby", "concordat.txt");
    sign(office, "sign-off/concordat", "hadley", "concordat.txt");
    let parties: Vec<String> = super::founding::PARTNERS
        .iter()
        .map(|(id, _, _)| format!("--parties organisation/{id}"))
        .collect();
    office.at("2025-10-21 10:00:00");
    office.record(
        "sam",
        &format!(
            "AgreementMade --subject agreement/concordat --title 'Marches Crisis Concordat' \
             --kind concordat --document @concordat.txt --sign-off sign-off/concordat {}",
            parties.join(" ")
        ),
    );
    office.write(
        "minutes-audit-2025-10.txt",
        "Minutes of the Audit Committee, 15 October 2025\n",
    );
    office.at("2025-10-22 10:00:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/audit-2025-10 --minutes-of meeting/audit-2025-10 \
         --document @minutes-audit-2025-10.txt --version 1",
    );
}

fn towards_november(office: &mut Office) {
    office.at("2025-10-28 10:00:00");
    office.record(
        "lena",
        "StatusReported --subject objective/crisis-response --report q3-crisis --rating Amber \
         --period 'October 2025' --narrative 'The new control room needs its training'",
    );
    office.record(
        "dev",
        "MetricMeasured --subject metric/response-time --value 78% --period 'September 2025'",
    );
    office.at("2025-11-03 10:00:00");
    office.record(
        "lena",
        "RiskRescored --subject risk/workforce --from likelihood=3,impact=4 \
         --to likelihood=5,impact=4 --controls 'None that works'",
    );
    office.record(
        "sam",
        "MeetingCalled --subject meeting/board-2025-11 --title 'Partnership Board, November 2025' \
         --body body/board --date '12 November 2025'",
    );
    office.at("2025-11-05 10:00:00");
    office.record(
        "sam",
        "AgendaPublished --subject meeting/board-2025-11 --version 1 \
         --items 'number=2,title=Minutes of 10 September,purpose=decision' \
         --items 'number=4,title=Actions,purpose=assurance' \
         --items 'number=5,title=One referral form,purpose=decision'",
    );
    office.record(
        "dev",
        "ActionCompleted --subject action/carers-survey --effective '4 November 2025' \
         --result '212 carers answered'",
    );
    office.at("2025-11-11 12:00:00");
    // Without a moment it counts from the last meeting that was held.
    office.keep("changes --body body/board");
    office.keep("changes --since meeting/board-2025-09 --reader part2");
    office.keep("search control room");
}
