"""Names of well-known molecules among the bundled ones, whose lists have SMILES alone."""

from rdkit import Chem, rdBase

# SMILES as `hpme.datasets.molecules.bundled_smiles` has them: canonical, without stereo.
MOLECULES = {
    "acetone": "CC(C)=O",
    "acyclovir": "Nc1nc2c(ncn2COCCO)c(=O)[nH]1",
    "adrenaline": "CNCC(O)c1ccc(O)c(O)c1",
    "amitriptyline": "CN(C)CCC=C1c2ccccc2CCc2ccccc21",
    "amoxicillin": "CC1(C)SC2C(NC(=O)C(N)c3ccc(O)cc3)C(=O)N2C1C(=O)O",
    "amphetamine": "CC(N)Cc1ccccc1",
    "aniline": "Nc1ccccc1",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "atenolol": "CC(C)NCC(O)COc1ccc(CC(N)=O)cc1",
    "benperidol": "O=C(CCCN1CCC(n2c(=O)[nH]c3ccccc32)CC1)c1ccc(F)cc1",
    "benzene": "c1ccccc1",
    "benzocaine": "CCOC(=O)c1ccc(N)cc1",
    "benzyl acetate": "CC(=O)OCc1ccccc1",
    "caffeine": "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "camphor": "CC12CCC(CC1=O)C2(C)C",
    "captopril": "CC(CS)C(=O)N1CCCC1C(=O)O",
    "carbamazepine": "NC(=O)N1c2ccccc2C=Cc2ccccc21",
    "celecoxib": "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
    "chloramphenicol": "O=C(NC(CO)C(O)c1ccc([N+](=O)[O-])cc1)C(Cl)Cl",
    "chlorpromazine": "CN(C)CCCN1c2ccccc2Sc2ccc(Cl)cc21",
    "cholesterol": "CC(C)CCCC(C)C1CCC2C3CC=C4CC(O)CCC4(C)C3CCC12C",
    "ciprofloxacin": "O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O",
    "citalopram": "CN(C)CCCC1(c2ccc(F)cc2)OCc2cc(C#N)ccc21",
    "citric acid": "O=C(O)CC(O)(CC(=O)O)C(=O)O",
    "clozapine": "CN1CCN(C2=Nc3cc(Cl)ccc3Nc3ccccc32)CC1",
    "cocaine": "COC(=O)C1C(OC(=O)c2ccccc2)CC2CCC1N2C",
    "codeine": "COc1ccc2c3c1OC1C(O)C=CC4C(C2)N(C)CCC341",
    "cortisol": "CC12CCC(=O)C=C1CCC1C2C(O)CC2(C)C1CCC2(O)C(=O)CO",
    "cyclohexane": "C1CCCCC1",
    "dexamethasone": "CC1CC2C3CCC4=CC(=O)C=CC4(C)C3(F)C(O)CC2(C)C1(O)C(=O)CO",
    "diazepam": "CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21",
    "diclofenac": "O=C(O)Cc1ccccc1Nc1c(Cl)cccc1Cl",
    "erlotinib": "C#Cc1cccc(Nc2ncnc3cc(OCCOC)c(OCCOC)cc23)c1",
    "estradiol": "CC12CCC3c4ccc(O)cc4CCC3C1CCC2O",
    "fluorouracil": "O=c1[nH]cc(F)c(=O)[nH]1",
    "fluoxetine": "CNCCC(Oc1ccc(C(F)(F)F)cc1)c1ccccc1",
    "furosemide": "NS(=O)(=O)c1cc(C(=O)O)c(NCc2ccco2)cc1Cl",
    "gabapentin": "NCC1(CC(=O)O)CCCCC1",
    "gefitinib": "COc1cc2ncnc(Nc3ccc(F)c(Cl)c3)c2cc1OCCCN1CCOCC1",
    "glucose": "OCC1OC(O)C(O)C(O)C1O",
    "haloperidol": "O=C(CCCN1CCC(O)(c2ccc(Cl)cc2)CC1)c1ccc(F)cc1",
    "ibuprofen": "CC(C)Cc1ccc(C(C)C(=O)O)cc1",
    "imatinib": "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1",
    "indomethacin": "COc1ccc2c(c1)c(CC(=O)O)c(C)n2C(=O)c1ccc(Cl)cc1",
    "isoniazid": "NNC(=O)c1ccncc1",
    "ketamine": "CNC1(c2ccccc2Cl)CCCCC1=O",
    "levodopa": "NC(Cc1ccc(O)c(O)c1)C(=O)O",
    "lidocaine": "CCN(CC)CC(=O)Nc1c(C)cccc1C",
    "loratadine": "CCOC(=O)N1CCC(=C2c3ccc(Cl)cc3CCc3cccnc32)CC1",
    "losartan": "CCCCc1nc(Cl)c(CO)n1Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1",
    "menthol": "CC1CCC(C(C)C)C(O)C1",
    "metformin": "CN(C)C(=N)NC(=N)N",
    "methadone": "CCC(=O)C(CC(C)N(C)C)(c1ccccc1)c1ccccc1",
    "metronidazole": "Cc1ncc([N+](=O)[O-])n1CCO",
    "morphine": "CN1CCC23c4c5ccc(O)c4OC2C(O)C=CC3C1C5",
    "naphthalene": "c1ccc2ccccc2c1",
    "naproxen": "COc1ccc2cc(C(C)C(=O)O)ccc2c1",
    "nicotine": "CN1CCCC1c1cccnc1",
    "nifedipine": "COC(=O)C1=C(C)NC(C)=C(C(=O)OC)C1c1ccccc1[N+](=O)[O-]",
    "nitrobenzene": "O=[N+]([O-])c1ccccc1",
    "nitrofurantoin": "O=C1CN(N=Cc2ccc([N+](=O)[O-])o2)C(=O)N1",
    "paracetamol": "CC(=O)Nc1ccc(O)cc1",
    "paroxetine": "Fc1ccc(C2CCNCC2COc2ccc3c(c2)OCO3)cc1",
    "penicillin G": "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O",
    "phenol": "Oc1ccccc1",
    "procaine": "CCN(CC)CCOC(=O)c1ccc(N)cc1",
    "progesterone": "CC(=O)C1CCC2C3CCC4=CC(=O)CCC4(C)C3CCC12C",
    "propranolol": "CC(C)NCC(O)COc1cccc2ccccc12",
    "pyridine": "c1ccncc1",
    "ranitidine": "CNC(=C[N+](=O)[O-])NCCSCc1ccc(CN(C)C)o1",
    "risperidone": "Cc1nc2n(c(=O)c1CCN1CCC(c3noc4cc(F)ccc34)CC1)CCCC2",
    "salbutamol": "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1",
    "sertraline": "CNC1CCC(c2ccc(Cl)c(Cl)c2)c2ccccc21",
    "sildenafil": "CCCc1nn(C)c2c(=O)[nH]c(-c3cc(S(=O)(=O)N4CCN(C)CC4)ccc3OCC)nc12",
    "sulfamethoxazole": "Cc1cc(NS(=O)(=O)c2ccc(N)cc2)no1",
    "tamoxifen": "CCC(=C(c1ccccc1)c1ccc(OCCN(C)C)cc1)c1ccccc1",
    "testosterone": "CC12CCC(=O)C=C1CCC1C2CCC2(C)C(O)CCC12",
    "thalidomide": "O=C1CCC(N2C(=O)c3ccccc3C2=O)C(=O)N1",
    "theophylline": "Cn1c(=O)c2nc[nH]c2n(C)c1=O",
    "toluene": "Cc1ccccc1",
    "tranexamic acid": "NCC1CCC(C(=O)O)CC1",
    "trimethoprim": "COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC",
    "valproic acid": "CCCC(CCC)C(=O)O",
    "warfarin": "CC(=O)CC(c1ccccc1)c1c(O)c2ccccc2oc1=O",
}
_NAMES = {smiles: name for name, smiles in MOLECULES.items()}


def smiles_of_name(name: str) -> str | None:
    """Returns SMILES of the molecule of that name, in whatever case, or None where it is not among the few.

    Example:
        >>> smiles_of_name("Aspirin")
        'CC(=O)Oc1ccccc1C(=O)O'
    """
    plain = " ".join(name.split()).casefold()
    return next((smiles for known, smiles in MOLECULES.items() if known.casefold() == plain), None)


def name_of_smiles(smiles: str) -> str:
    """Returns the name of the molecule that SMILES stand for, whatever its stereo; nothing if it has none."""
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(smiles)
    return "" if mol is None else _NAMES.get(Chem.MolToSmiles(mol, isomericSmiles=False), "")
